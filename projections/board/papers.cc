#include "projections/board/papers.h"

#include <memory>

#include "projections/board/wording.h"
#include "scrutiny/event/v1/paper.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;

class PaperFold final : public Fold {
 public:
  absl::Status Apply(const Fact& fact) override {
    if (!fact.proposed().has_paper_submitted()) return NotForRegister("papers", fact);
    paper_ = fact.proposed().paper_submitted();
    return absl::OkStatus();
  }

  void Rows(bool /*only_changed*/, RowSink& sink) override { sink.Row("", paper_); }

 private:
  event::v1::PaperSubmitted paper_;
};

void Index(const Proposed& proposed, IndexSink sink) {
  if (!proposed.paper_submitted().meeting().empty()) {
    sink("meeting", proposed.paper_submitted().meeting());
  }
}

}  // namespace

const Register& PapersRegister() {
  static const Register& papers = *new Register{
      "papers",
      1,
      "papers",
      {Proposed::kPaperSubmitted},
      [](absl::string_view) -> std::unique_ptr<Fold> { return std::make_unique<PaperFold>(); },
      Index};
  return papers;
}

}  // namespace scrutiny::projections
