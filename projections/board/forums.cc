#include "projections/board/forums.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"

#include "projections/board/wording.h"
#include "projections/engine/keyed_rows.h"
#include "scrutiny/event/v1/forum.pb.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;

class ForumFold final : public Fold {
 public:
  absl::Status Apply(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kForumEstablished: {
        // Undated, it may come after a renaming: the later name stands, what was added stays.
        const event::v1::ForumEstablished known = forum_;
        forum_ = proposed.forum_established();
        if (renamed_) forum_.set_name(known.name());
        forum_.mutable_aliases()->MergeFrom(known.aliases());
        AddName("", proposed.forum_established().name());
        break;
      }
      case Proposed::kForumRenamed:
        renamed_ = true;
        forum_.set_name(proposed.forum_renamed().name());
        AddName(fact.DayText(), proposed.forum_renamed().name());
        break;
      case Proposed::kForumAliasAdded:
        forum_.add_aliases(proposed.forum_alias_added().alias());
        break;
      default:
        return NotForRegister("forums", fact);
    }
    return absl::OkStatus();
  }

  void Rows(bool only_changed, RowSink& sink) override {
    if (forum_.ByteSizeLong() > 0) sink.Row("", forum_);
    names_.Give(only_changed, sink);
  }

 private:
  void AddName(const std::string& from, const std::string& name) {
    register_::v1::ActionStep& step =
        names_.Make(absl::StrCat("n/", absl::Dec(name_count_++, absl::kZeroPad6)));
    step.set_what("name");
    step.set_date(from);
    step.set_text(name);
  }

  event::v1::ForumEstablished forum_;
  MadeRows<register_::v1::ActionStep> names_;
  int name_count_ = 0;
  bool renamed_ = false;
};

const google::protobuf::Message& RowOf(absl::string_view key) {
  if (key.empty()) return event::v1::ForumEstablished::default_instance();
  return register_::v1::ActionStep::default_instance();
}

}  // namespace

const Register& ForumsRegister() {
  static const Register& forums = *new Register{
      "forums",
      1,
      "forums",
      {Proposed::kForumEstablished, Proposed::kForumRenamed, Proposed::kForumAliasAdded},
      [](absl::string_view) -> std::unique_ptr<Fold> { return std::make_unique<ForumFold>(); },
      nullptr,
      RowOf};
  return forums;
}

}  // namespace scrutiny::projections
