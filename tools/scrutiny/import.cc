// `scrutiny import FILE...`
#include <deque>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/mutex.h"
#include "ledger/base/status.h"
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/import_reader.h"
#include "tools/support/progress.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

using ledger::Error;
using ledger::Reason;

// Reads the files one after the other and remembers where the requests under way came from.
class Import {
 public:
  Import(std::vector<std::string> files, Context& context)
      : files_(std::move(files)),
        context_(context),
        progress_(context.err, context.err_is_terminal, "Importing") {
    for (const std::string& file : files_) {
      std::error_code error;
      const uint64_t bytes = file == "-" ? 0 : std::filesystem::file_size(file, error);
      if (!error) bytes_total_ += bytes;
    }
  }

  absl::Status Run() {
    const absl::Status sent = context_.client.AppendAll(
        [&](ledger::v1::AppendRequest* request) { return Next(request); },
        [&](const ledger::v1::AppendStreamResponse& response) { Answered(response); });
    progress_.Clear();
    ledger::MutexLock lock(mutex_);
    if (requests_ > 0 || sent.ok()) Summarise(context_.out);
    // A refusal stands before whatever was wrong with a later line.
    if (!refused_.ok()) return refused_;
    if (absl::IsUnavailable(sent)) {
      return Prefixed("the import did not finish; running it again is safe. ", sent);
    }
    return sent;
  }

 private:
  absl::StatusOr<bool> Next(ledger::v1::AppendRequest* request) {
    while (true) {
      if (reader_ == nullptr) {
        if (at_ == files_.size()) return false;
        SCRUTINY_RETURN_IF_ERROR(Open(files_[at_]));
      }
      SCRUTINY_ASSIGN_OR_RETURN(const bool more, reader_->Next(request));
      if (more) break;
      bytes_before_ += reader_->bytes_read();
      reader_.reset();
      ++at_;
    }
    ledger::MutexLock lock(mutex_);
    places_.push_back(absl::StrCat(NameOf(files_[at_]), ":", reader_->line()));
    progress_.Show(bytes_before_ + reader_->bytes_read(), bytes_total_,
                   Count(entries_, "entry", "entries"));
    return true;
  }

  absl::Status Open(const std::string& file) {
    file_stream_.close();
    file_stream_.clear();
    if (file != "-") {
      file_stream_.open(file, std::ios::binary);
      if (!file_stream_ || std::filesystem::is_directory(file)) {
        return Error(Reason::kNotFound, absl::StrCat("the file ", file, " cannot be read"))
            .Value(file);
      }
    }
    reader_ = std::make_unique<ImportReader>(NameOf(file), file == "-" ? std::cin : file_stream_);
    return absl::OkStatus();
  }

  void Answered(const ledger::v1::AppendStreamResponse& response) {
    ledger::MutexLock lock(mutex_);
    const std::string place = places_.empty() ? "-" : places_.front();
    if (!places_.empty()) places_.pop_front();
    if (response.has_refused()) {
      const absl::Status refused = StatusOf(response.refused());
      if (refused_.ok()) refused_ = AtPlace(place, refused);
      return;
    }
    ++requests_;
    if (response.appended().already_recorded()) {
      ++already_;
    } else {
      entries_ += static_cast<uint64_t>(response.appended().receipt().entries_size());
    }
  }

  void Summarise(std::ostream& out) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    out << Count(requests_, "request", "requests") << ", " << Count(entries_, "entry", "entries")
        << " recorded, " << Count(already_, "request", "requests") << " already recorded.\n";
  }

  static std::string NameOf(const std::string& file) { return file == "-" ? "stdin" : file; }

  const std::vector<std::string> files_;
  Context& context_;
  Progress progress_;
  uint64_t bytes_total_ = 0;
  uint64_t bytes_before_ = 0;
  size_t at_ = 0;
  std::ifstream file_stream_;
  std::unique_ptr<ImportReader> reader_;

  ledger::Mutex mutex_;
  std::deque<std::string> places_ ABSL_GUARDED_BY(mutex_);
  absl::Status refused_ ABSL_GUARDED_BY(mutex_);
  uint64_t requests_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t entries_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t already_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace

Command ImportCommand() {
  return {
      .name = "import",
      .summary = "Record many facts from JSON Lines files",
      .group = kForSecretaries,
      .details =
          "Each line is one append request in proto3 JSON:\n"
          "  {\"request_id\":\"…\",\"facts\":[{\"proposed\":{\"record\":\"…\",…}}]}\n"
          "A fact may have seals beside proposed; its line then needs a request_id:\n"
          "  "
          "\"seals\":[{\"field_path\":\"person_registered.contact\",\"sealed_for\":\"persons/"
          "…\"}]\n"
          "Empty lines and lines that begin with # are left out. A line without request_id gets\n"
          "one derived from its text. Importing the same lines again records nothing twice.\n"
          "A line that is wrong is named by file, line and field; everything before it stands,\n"
          "nothing after it is recorded.",
      .options = {{.name = "FILE",
                   .help = "JSON Lines files; - is standard input",
                   .kind = Option::Kind::kArguments,
                   .value = "",
                   .required = true}},
      .run = [](const Args& args, Context& context) {
        return Import(args.All("FILE"), context).Run();
      }};
}

}  // namespace scrutiny::tools
