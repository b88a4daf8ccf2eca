#include "projections/public/publications.h"

#include <memory>
#include <string>
#include <vector>

#include "projections/engine/ruled_fold.h"
#include "scrutiny/register/v1/publications.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the row
using event::v1::Proposed;

std::vector<FactRule> Rules() {
  return {
      {.fact_type = Proposed::kPublicationFellDue,
       .state = PUBLICATION_STATE_DUE,
       .day = "fell_due_on",
       .step = "fell due"},
      {.fact_type = Proposed::kPublicationDueChanged, .step = "due changed"},
      {.fact_type = Proposed::kPublicationNoLongerDue,
       .state = PUBLICATION_STATE_NOT_DUE,
       .step = "no longer due"},
      {.fact_type = Proposed::kArtefactPublished,
       .state = PUBLICATION_STATE_PUBLISHED,
       .day = "published_on",
       .step = "published"},
      {.fact_type = Proposed::kArtefactRedacted, .day = "redacted_on", .step = "redacted"},
      {.fact_type = Proposed::kArtefactReplaced,
       .state = PUBLICATION_STATE_REPLACED,
       .day = "replaced_on",
       .step = "replaced",
       .clears = {"sha256", "media_type"}},
      {.fact_type = Proposed::kLinkFoundBroken,
       .state = PUBLICATION_STATE_LINK_BROKEN,
       .day = "broken_on",
       .step = "link broken"},
      {.fact_type = Proposed::kLinkRestored,
       .step = "link restored",
       .clears = {"broken_on", "broken_url", "found"}},
      {.fact_type = Proposed::kArtefactTakenDown,
       .state = PUBLICATION_STATE_TAKEN_DOWN,
       .day = "taken_down_on",
       .step = "taken down"},
  };
}

class PublicationFold final : public RuledFold<PublicationRow> {
 public:
  using RuledFold::RuledFold;

 protected:
  void After(const Fact& fact) override {
    switch (fact.proposed().fact_case()) {
      case Proposed::kPublicationFellDue:
        // What is published is not due again because its duty is dated, or recorded, later.
        if (published_) row_.set_state(before_);
        break;
      case Proposed::kArtefactPublished:
        // That it is not dated leaves alone what is said already, but published it was.
        if (!published_) row_.set_state(PUBLICATION_STATE_PUBLISHED);
        published_ = true;
        break;
      case Proposed::kLinkFoundBroken:
        if (!published_) before_ = PUBLICATION_STATE_PUBLISHED;
        published_ = true;
        return;
      case Proposed::kLinkRestored:
        if (row_.state() == PUBLICATION_STATE_LINK_BROKEN) row_.set_state(before_);
        break;
      case Proposed::kArtefactReplaced:
      case Proposed::kArtefactTakenDown:
        published_ = true;
        break;
      default:
        break;
    }
    if (row_.state() != PUBLICATION_STATE_LINK_BROKEN) before_ = row_.state();
  }

 private:
  bool published_ = false;
  // The state, but for a link that is broken.
  PublicationState before_ = PUBLICATION_STATE_PUBLISHED;
};

void Index(const Proposed& proposed, IndexSink sink) {
  for (const std::string& trigger :
       {proposed.publication_fell_due().trigger(), proposed.artefact_published().trigger()}) {
    if (!trigger.empty()) sink("trigger", trigger);
  }
}

}  // namespace

const Register& PublicationsRegister() {
  static const Register& publications =
      *new Register(RuledRegister<PublicationFold, PublicationRow>(
          "publications", 1, "publications", Rules(), AlwaysA<PublicationRow>, Index));
  return publications;
}

}  // namespace scrutiny::projections
