#include "projections/engine/upcast.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace scrutiny::projections {
namespace {

using event::v1::DecisionTaken;

// Options were words alone, in order, before they had keys, reasons and one that is preferred.
void UpcastOptions(DecisionTaken* taken) {
  if (taken->options().empty() || !taken->considered().empty()) return;
  for (std::string& text : *taken->mutable_options()) {
    event::v1::DecisionOption* const option = taken->add_considered();
    option->set_key(absl::StrCat(taken->considered_size()));
    option->set_text(std::move(text));
  }
  taken->clear_options();
}

}  // namespace

void Upcast(event::v1::Proposed* proposed) {
  if (proposed->has_decision_taken()) UpcastOptions(proposed->mutable_decision_taken());
}

bool ReadEntry(absl::string_view bytes, event::v1::Entry* entry) {
  if (!entry->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return false;
  Upcast(entry->mutable_proposed());
  return true;
}

}  // namespace scrutiny::projections
