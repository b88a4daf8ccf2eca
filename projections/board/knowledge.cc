#include "projections/board/knowledge.h"

#include <memory>

#include "absl/strings/str_cat.h"

#include "projections/board/wording.h"
#include "projections/engine/keyed_rows.h"
#include "scrutiny/event/v1/identity.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;

class KnowledgeFold final : public Fold {
 public:
  absl::Status Apply(const Fact& fact) override {
    if (!fact.proposed().has_put_before_meeting()) return NotForRegister("knowledge", fact);
    const event::v1::PutBefore& put = fact.proposed().put_before_meeting();
    event::v1::PutBefore* row = nullptr;
    for (int i = 0; i < put.sequences_size(); ++i) {
      if (i % kSequencesPerRow == 0) {
        row = &rows_.Make(absl::StrCat("s/", absl::Hex(fact.sequence.value(), absl::kZeroPad16),
                                       "/", absl::Dec(i / kSequencesPerRow, absl::kZeroPad4)));
        row->set_meeting(put.meeting());
      }
      row->add_sequences(put.sequences(i));
    }
    return absl::OkStatus();
  }

  void Rows(bool only_changed, RowSink& sink) override { rows_.Give(only_changed, sink); }

 private:
  MadeRows<event::v1::PutBefore> rows_;
};

}  // namespace

const Register& KnowledgeRegister() {
  static const Register& knowledge = *new Register{
      "knowledge",
      1,
      "meetings",
      {Proposed::kPutBeforeMeeting},
      [](absl::string_view) -> std::unique_ptr<Fold> { return std::make_unique<KnowledgeFold>(); },
      nullptr,
      AlwaysA<event::v1::PutBefore>};
  return knowledge;
}

}  // namespace scrutiny::projections
