// projections/people/dated_names.h
// The names something has borne, and when, gathered from facts; for folds of people, organisations,
// offices and partnerships.
//
// Threads:  confined to whoever folds.
// Tests:    tests/projections/people/people_test.cc
#ifndef SCRUTINY_PROJECTIONS_PEOPLE_DATED_NAMES_H_
#define SCRUTINY_PROJECTIONS_PEOPLE_DATED_NAMES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_ptr_field.h"

#include "projections/engine/fact.h"
#include "scrutiny/register/v1/people.pb.h"

namespace scrutiny::projections {

class DatedNames {
 public:
  // The name with which it was founded, whenever that is said.
  void Founded(const std::string& name);
  void Renamed(const std::string& name, const Fact& fact);
  void Also(const std::string& alias);

  // The latest; empty if there is none.
  const std::string& latest() const;
  // Those before the latest, the latest of them first.
  std::vector<std::string> former() const;
  // By date, then further forms.
  void WriteTo(google::protobuf::RepeatedPtrField<register_::v1::DatedName>* names) const;

 private:
  std::vector<register_::v1::DatedName> borne_;
  std::vector<std::string> aliases_;
  bool founded_ = false;  // borne_ begins with the name of the founding
};

// The name borne on a day, ISO, of those that WriteTo gives; empty if there is none.
std::string NameOn(const google::protobuf::RepeatedPtrField<register_::v1::DatedName>& names,
                   absl::string_view day);

// Takes `other` into `list` and out of `opposite`: what is said later of two records counts.
void AddOther(const std::string& other, google::protobuf::RepeatedPtrField<std::string>* list,
              google::protobuf::RepeatedPtrField<std::string>* opposite);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PEOPLE_DATED_NAMES_H_
