// tools/scrutiny/verb.h
// A fact as a clerk says it: `record action --title … --due …`. A verb names the type of fact and
// its flags; what a flag takes (a date, a record, one of some words, …) follows from the field it
// fills, by the proto's own description.
//
// Guarantees:  the same flags fill a fact from the command line and from a row of a CSV file.
// Threads:     thread-compatible.
// Errors:      usage errors that name the flag and the value at fault.
// Tests:       tests/tools/scrutiny/verb_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINY_VERB_H_
#define SCRUTINY_TOOLS_SCRUTINY_VERB_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "tools/scrutiny/command_line.h"

namespace scrutiny::event::v1 {
class Proposed;
}  // namespace scrutiny::event::v1

namespace scrutiny::tools {

// A flag and the field it fills: a path in the fact, or with / before it, in the Proposed.
struct Flag {
  std::string name;
  std::string path;
  std::string help;
};

// What record the fact is about.
enum class Target {
  kNew,      // a new one, with a minted name or --as
  kMeeting,  // the one that --meeting names
  kGiven,    // the one named before the flags
};

// How the fact is dated where no date is given and a meeting is named.
enum class DatedBy {
  kMeeting,        // on the meeting's day
  kMeetingLatest,  // on its day at the latest, inferred
  kNothing,        // today, whatever meeting is named
};

// A key that is made where none is given: from another field, or minted if `from` is empty.
struct KeyDefault {
  std::string path;
  std::string from;
};

// One of several types of fact behind one verb: `minutes --outcome approved`.
struct Variant {
  std::string word;
  std::string fact;
};

struct Verb {
  std::string name;
  std::string group;
  std::string summary;
  std::string fact;  // field in Proposed; with variants, the first one
  Target target = Target::kNew;
  std::string kind;  // of the record
  std::vector<Flag> flags;
  std::string example = {};
  DatedBy dated_by = DatedBy::kMeeting;
  // Facts about the calendar are known to everybody from their own date.
  bool calendar = false;
  std::vector<KeyDefault> key_defaults = {};
  std::string variant_flag = {};
  std::vector<Variant> variants = {};
  // New records: the flag whose record scopes the name, and the flag whose text it is made of;
  // without the latter it is a random one.
  std::string scope_flag = {};
  std::string slug_flag = {};
};

// All of them, in the order of --help.
const std::vector<Verb>& AllVerbs();
std::vector<Verb> BoardVerbs();
std::vector<Verb> FollowUpVerbs();
std::vector<Verb> ReferenceVerbs();
std::vector<Verb> DocumentVerbs();
std::vector<Verb> PlanVerbs();
std::vector<Verb> InspectionVerbs();
std::vector<Verb> PerformanceVerbs();
std::vector<Verb> MeetingVerbs();
std::vector<Verb> MinutesVerbs();
std::vector<Verb> PlanVersionVerbs();
std::vector<Verb> PeopleVerbs();
std::vector<Verb> PublicVerbs();
std::vector<Verb> MeasureVerbs();
std::vector<Verb> EngagementVerbs();

// When, where from, put before: flags of every verb.
const std::vector<Flag>& CommonFlags();

// A verb's own flags, the common ones and those of sealing.h as options of the command line.
std::vector<Option> OptionsOf(const Verb& verb);
// The flag of that name, of the verb or common; null if there is none.
const Flag* FindFlag(const Verb& verb, absl::string_view name);
// Whether the flag takes several values.
bool TakesSeveral(const Verb& verb, const Flag& flag);
// Whether what the flag says may only be recorded sealed.
bool IsSealedFlag(const Verb& verb, const Flag& flag);

// What filling needs from outside.
struct MeetingInfo {
  std::string date;   // ISO, empty if not known
  std::string forum;  // empty if not known
};
struct FillSources {
  // The record that a text names, of a kind.
  std::function<absl::StatusOr<std::string>(absl::string_view text, absl::string_view kind)>
      resolve;
  // What is known of a meeting; empty if it is not held.
  std::function<absl::StatusOr<MeetingInfo>(absl::string_view meeting)> meeting;
  // 26 characters for a new name.
  std::function<std::string()> mint;
  // Today, ISO; empty: leave a fact undated rather than date it today.
  std::string today;
};

// The fact that the flags say.
absl::StatusOr<event::v1::Proposed> Fill(const Verb& verb, const Args& args,
                                         const FillSources& sources);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SCRUTINY_VERB_H_
