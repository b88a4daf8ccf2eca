#include "projections/panels/sessions.h"

#include <memory>

#include "projections/board/wording.h"
#include "projections/engine/row_fold.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;

class SessionFold final : public RowFold<register_::v1::SessionRow> {
 public:
  explicit SessionFold(absl::string_view record) { row_.set_session(record.data(), record.size()); }

 protected:
  absl::Status Take(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    if (proposed.has_session_held()) {
      const event::v1::SessionHeld& held = proposed.session_held();
      row_.set_scheme(held.scheme());
      row_.set_date(fact.DayText());
      row_.set_kind(held.kind());
      row_.set_outcome(held.outcome());
      row_.set_site(held.site());
      row_.set_note(held.note());
      return absl::OkStatus();
    }
    if (proposed.has_sample_drawn()) {
      const event::v1::SampleDrawn& drawn = proposed.sample_drawn();
      row_.set_sample_size(drawn.size());
      row_.set_sample_population(drawn.population());
      row_.set_sample_method(drawn.method());
      return absl::OkStatus();
    }
    return NotForRegister("sessions", fact);
  }
};

void Index(const Proposed& proposed, IndexSink sink) {
  if (proposed.has_session_held()) sink("scheme", proposed.session_held().scheme());
}

}  // namespace

const Register& SessionsRegister() {
  static const Register& sessions =
      *new Register{"sessions",
                    1,
                    "sessions",
                    {Proposed::kSessionHeld, Proposed::kSampleDrawn},
                    [](absl::string_view record) -> std::unique_ptr<Fold> {
                      return std::make_unique<SessionFold>(record);
                    },
                    Index};
  return sessions;
}

}  // namespace scrutiny::projections
