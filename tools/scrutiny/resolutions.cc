// `scrutiny resolutions`
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/register_command.h"
#include "tools/support/describe.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

using register_::v1::ListResolutionsRequest;
using register_::v1::ResolutionRow;

// A limb a line: `approve: the award of 8 large grants`.
std::string LimbsCell(const ResolutionRow& row, bool words) {
  return Joined(row.limbs(), words ? "\n" : "; ", [](const event::v1::ResolutionLimb& limb) {
    return absl::StrCat(
        EnumInWords("ResolutionVerb", event::v1::ResolutionVerb_Name(limb.verb())), ": ",
        limb.subject(),
        limb.items().empty()
            ? ""
            : absl::StrCat(" (", Joined(limb.items(), "; ", [](const auto& item) { return item; }),
                           ")"));
  });
}

std::vector<Column<ResolutionRow>> Columns() {
  return {
      {"Meeting", "meeting_date",
       [](const ResolutionRow& row, bool words) { return DateCell(row.meeting_date(), words); },
       Place::kGroup},
      {"Item", "item",
       [](const ResolutionRow& row, bool words) {
         return words && !row.item_printed().empty() ? row.item_printed() : row.item();
       }},
      {"Title", "item_title", [](const ResolutionRow& row, bool) { return row.item_title(); }},
      {"Resolved", "limbs", LimbsCell},
      {"By", "decider", [](const ResolutionRow& row, bool) { return InWords(row.decider()); }},
      {"Priorities", "priorities",
       [](const ResolutionRow& row, bool) {
         return Joined(row.priorities(), ", ", [](const auto& ref) { return ref.number(); });
       }},
      {"Remarks", "remarks",
       [](const ResolutionRow& row, bool) { return RemarksCell(row.meta()); }},
      {"", "meeting", [](const ResolutionRow& row, bool) { return row.meeting(); }},
      {"", "key", [](const ResolutionRow& row, bool) { return row.key(); }},
      {"", "without_the_word",
       [](const ResolutionRow& row, bool) { return row.without_the_word() ? "yes" : "no"; }},
      {"", "entries", [](const ResolutionRow& row, bool) { return EntriesCell(row.meta()); }},
  };
}

absl::Status Run(const Args& args, Context& context) {
  ListResolutionsRequest request;
  if (args.Has("item") && !args.Has("meeting")) {
    return UsageError("--item is the key of an item of a meeting; name it with --meeting");
  }
  uint32_t priority = 0;
  SCRUTINY_RETURN_IF_ERROR(ReadNumberFlag(args, "priority", &priority));
  request.set_priority(priority);
  request.set_plan_version(args.Get("plan"));
  request.set_item(Slug(args.Get("item")));
  SCRUTINY_RETURN_IF_ERROR(
      ReadRecordFlag(args, "forum", "forums", context.client, request.mutable_forum()));
  SCRUTINY_RETURN_IF_ERROR(
      ReadRecordFlag(args, "meeting", "meetings", context.client, request.mutable_meeting()));
  return PrintRegister<ListResolutionsRequest, ResolutionRow>(
      std::move(request), args, Columns(),
      [](const register_::v1::Basis&) { return "No such resolution is recorded."; }, context);
}

}  // namespace

Command ResolutionsCommand() {
  Command command{
      .name = "resolutions",
      .summary = "What was resolved, item by item",
      .group = kForEverybody,
      .details = "Example:\n  scrutiny resolutions --meeting meetings/spab/2019-03-18 --item 9b",
      .options =
          {
              {.name = "forum", .help = "Of meetings of this forum", .value = "FORUM"},
              {.name = "meeting", .help = "Of this meeting", .value = "MEETING"},
              {.name = "item", .help = "On this agenda item", .value = "ITEM"},
              {.name = "priority", .help = "That cite this plan priority", .value = "N"},
              {.name = "plan", .help = "… of this version of a plan", .value = "PLAN@VERSION"},
          },
      .run = Run};
  AddViewFlags(&command);
  return command;
}

}  // namespace scrutiny::tools
