#include "projections/people/dated_names.h"

#include <algorithm>

namespace scrutiny::projections {

using register_::v1::DatedName;

void DatedNames::Founded(const std::string& name) {
  if (name.empty()) return;
  if (!founded_) borne_.insert(borne_.begin(), DatedName());
  founded_ = true;
  borne_.front().set_name(name);
  if (borne_.size() > 1) borne_.front().set_until_date(borne_[1].from_date());
}

void DatedNames::Renamed(const std::string& name, const Fact& fact) {
  if (name.empty() || name == latest()) return;
  if (!borne_.empty()) borne_.back().set_until_date(fact.DayText());
  borne_.emplace_back();
  borne_.back().set_name(name);
  borne_.back().set_from_date(fact.DayText());
}

void DatedNames::Also(const std::string& alias) {
  if (alias.empty() || std::find(aliases_.begin(), aliases_.end(), alias) != aliases_.end()) return;
  aliases_.push_back(alias);
}

const std::string& DatedNames::latest() const {
  static const std::string& none = *new std::string;
  return borne_.empty() ? none : borne_.back().name();
}

std::vector<std::string> DatedNames::former() const {
  std::vector<std::string> names;
  for (auto name = borne_.rbegin(); name != borne_.rend(); ++name) {
    if (name->name() == latest() ||
        std::find(names.begin(), names.end(), name->name()) != names.end()) {
      continue;
    }
    names.push_back(name->name());
  }
  return names;
}

void DatedNames::WriteTo(google::protobuf::RepeatedPtrField<DatedName>* names) const {
  names->Clear();
  for (const DatedName& name : borne_) *names->Add() = name;
  for (const std::string& alias : aliases_) {
    DatedName* const name = names->Add();
    name->set_name(alias);
    name->set_alias(true);
  }
}

std::string NameOn(const google::protobuf::RepeatedPtrField<DatedName>& names,
                   absl::string_view day) {
  std::string borne;
  for (const DatedName& name : names) {
    if (name.alias() || (!borne.empty() && name.from_date() > day)) break;
    borne = name.name();
  }
  return borne;
}

void AddOther(const std::string& other, google::protobuf::RepeatedPtrField<std::string>* list,
              google::protobuf::RepeatedPtrField<std::string>* opposite) {
  opposite->erase(std::remove(opposite->begin(), opposite->end(), other), opposite->end());
  if (std::find(list->begin(), list->end(), other) == list->end()) *list->Add() = other;
}

}  // namespace scrutiny::projections
