// The witness as others meet it: a program in a process of its own, spoken to over HTTP, killed at
// any time.
#include "ledger/verify/witness.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/merkle/proof.h"
#include "ledger/note/signed_note.h"
#include "ledger/note/witness_request.h"
#include "ledger/verify/signed_checkpoint.h"
#include "services/http/client.h"
#include "tests/ledger/verify/test_log.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::tools::verify {
namespace {

using ledger::TreeSize;
using ::scrutiny::testing::IsOk;
using ::scrutiny::testing::TempDir;
using ::scrutiny::testing::TestLog;
using ::testing::HasSubstr;

constexpr int kWaitSeconds = 60;

std::string Contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// The program, started in a folder of its own.
class WitnessProcess {
 public:
  WitnessProcess(std::string folder, std::vector<std::string> vkeys)
      : folder_(std::move(folder)), vkeys_(std::move(vkeys)) {}
  ~WitnessProcess() { Kill(); }

  void Launch() {
    std::filesystem::remove(PortFile());
    std::vector<std::string> arguments = {std::string(SCRUTINY_BUILD_DIR) + "/bin/scrutiny-verify",
                                          "witness",
                                          "--state",
                                          folder_ + "/state",
                                          "--listen",
                                          "127.0.0.1:0",
                                          "--port-file",
                                          PortFile()};
    for (const std::string& vkey : vkeys_) {
      arguments.push_back("--vkey");
      arguments.push_back(vkey);
    }
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    const std::string out = folder_ + "/out";
    pid_ = fork();
    if (pid_ == 0) {
      const int file = open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
      dup2(file, STDOUT_FILENO);
      dup2(file, STDERR_FILENO);
      execv(argv[0], argv.data());
      _exit(127);
    }
  }
  // Starts it and waits until it serves.
  void Start() {
    Launch();
    for (int i = 0; i < kWaitSeconds * 100; ++i) {
      const std::string written = Contents(PortFile());
      absl::string_view address = written;
      if (absl::ConsumePrefix(&address, "http=") && absl::ConsumeSuffix(&address, "\n")) {
        url_ = absl::StrCat("http://", address);
        return;
      }
      ASSERT_EQ(waitpid(pid_, nullptr, WNOHANG), 0) << Output();
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    FAIL() << "it does not serve: " << Output();
  }
  void Kill() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
  // SIGTERM, then its exit code.
  int Stop() {
    kill(pid_, SIGTERM);
    return Wait();
  }
  int Wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  const std::string& url() const { return url_; }
  std::string Output() const { return Contents(folder_ + "/out"); }

 private:
  std::string PortFile() const { return folder_ + "/port"; }

  const std::string folder_;
  const std::vector<std::string> vkeys_;
  std::string url_;
  pid_t pid_ = -1;
};

// Entries that both histories begin with: whole appends of the test's log.
constexpr uint64_t kCommon = 11;

class WitnessProgramTest : public ::testing::Test {
 protected:
  WitnessProgramTest() : witness_(dir_.path(), {ledger::ToString(log_.signer().verifier())}) {
    log_.FillTo(2000);
    fork_.FillTo(kCommon);
    while (fork_.size() < 2000) fork_.Append({"actions/other"});
  }

  static std::string Request(TestLog& log, uint64_t old_size, uint64_t size) {
    ledger::AddCheckpoint request;
    request.old_size = TreeSize(old_size);
    if (old_size > 0 && old_size < size) {
      request.proof = *ledger::ConsistencyProof(log, TreeSize(old_size), TreeSize(size));
    }
    request.checkpoint = log.Checkpoint(size);
    return Format(request);
  }
  static services::HttpResponse Post(services::HttpClient& client, const std::string& url,
                                     const std::string& body) {
    const absl::StatusOr<services::HttpResponse> answer =
        client.Post(url + "/add-checkpoint", "text/plain", body);
    return answer.ok() ? *answer : services::HttpResponse{.status = 0};
  }
  services::HttpResponse Add(TestLog& log, uint64_t old_size, uint64_t size) {
    return Post(client_, witness_.url(), Request(log, old_size, size));
  }
  services::HttpResponse Get(const std::string& path) {
    const absl::StatusOr<services::HttpResponse> answer = client_.Get(witness_.url() + path);
    return answer.ok() ? *answer : services::HttpResponse{.status = 0};
  }
  std::string LatestPath() const {
    return absl::StrCat("/", ledger::OriginHash(testing::kTestOrigin), "/checkpoint");
  }
  // The size that it keeps.
  uint64_t Kept() {
    const services::HttpResponse latest = Get(LatestPath());
    if (latest.status != 200) return 0;
    return ledger::ParseCheckpoint(ledger::ParseNote(latest.body)->text)->size.value();
  }

  TempDir dir_;
  TestLog log_;
  TestLog fork_;
  services::HttpClient client_;
  WitnessProcess witness_;
};

TEST_F(WitnessProgramTest, ItCosignsOverHttpAndRefusesAFork) {
  ASSERT_NO_FATAL_FAILURE(witness_.Start());
  const services::HttpResponse answer = Add(log_, 0, 300);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(Add(log_, 300, 700).status, 200);

  EXPECT_EQ(Add(fork_, 700, 700).status, 422);
  EXPECT_EQ(Add(fork_, 700, 800).status, 422);
  const services::HttpResponse conflict = Add(fork_, 0, 800);
  EXPECT_EQ(conflict.status, 409);
  EXPECT_EQ(conflict.header("Content-Type"), "text/x.tlog.size");
  EXPECT_EQ(conflict.body, "700\n");
  EXPECT_EQ(Add(log_, 800, 700).status, 400);
  EXPECT_EQ(Post(client_, witness_.url(), "nonsense").status, 400);
  EXPECT_EQ(Kept(), 700u);
}

TEST_F(WitnessProgramTest, WhatItServesVerifiesUnderTheKeyItPrints) {
  ASSERT_NO_FATAL_FAILURE(witness_.Start());
  ASSERT_EQ(Add(log_, 0, 300).status, 200);
  const std::string output = witness_.Output();
  EXPECT_THAT(output, HasSubstr(absl::StrCat(" at ", witness_.url(), "\n")));
  const size_t at = output.find("Verifier key: ");
  ASSERT_NE(at, std::string::npos) << output;
  const std::string vkey = output.substr(at + 14, output.find('\n', at) - at - 14);
  const absl::StatusOr<ledger::VerifierKey> key = ledger::ParseVerifierKey(vkey);
  ASSERT_THAT(key, IsOk());
  ledger::Trust trust = log_.trust();
  trust.witness_keys = {*key};
  trust.witnesses_required = 1;
  EXPECT_THAT(ledger::OpenSignedCheckpoint(Get(LatestPath()).body, trust), IsOk());
  EXPECT_THAT(Get("/").body, HasSubstr(vkey));
}

TEST_F(WitnessProgramTest, OtherPathsAndMethodsAreRefused) {
  ASSERT_NO_FATAL_FAILURE(witness_.Start());
  EXPECT_EQ(Get("/").status, 200);
  EXPECT_EQ(Get("/add-checkpoint").status, 405);
  EXPECT_EQ(Get("/key").status, 404);
  EXPECT_EQ(Get("/../state/key").status, 404);
  EXPECT_EQ(Get(LatestPath()).status, 404);  // nothing was cosigned yet
  EXPECT_EQ(client_.Post(witness_.url() + "/", "text/plain", "x")->status, 405);
}

TEST_F(WitnessProgramTest, SigtermEndsItCleanlyAndItRemembers) {
  ASSERT_NO_FATAL_FAILURE(witness_.Start());
  ASSERT_EQ(Add(log_, 0, 300).status, 200);
  const std::string kept = Get(LatestPath()).body;
  EXPECT_EQ(witness_.Stop(), 0) << witness_.Output();
  ASSERT_NO_FATAL_FAILURE(witness_.Start());
  EXPECT_EQ(Get(LatestPath()).body, kept);
  EXPECT_EQ(Add(fork_, 0, 400).status, 409);
  EXPECT_EQ(Add(log_, 300, 400).status, 200);
}

TEST_F(WitnessProgramTest, ASecondOneMayNotHaveTheSameFolder) {
  ASSERT_NO_FATAL_FAILURE(witness_.Start());
  std::filesystem::create_directory(dir_.File("second"));
  std::filesystem::create_directory_symlink(dir_.File("state"), dir_.File("second/state"));
  WitnessProcess second(dir_.File("second"), {ledger::ToString(log_.signer().verifier())});
  second.Launch();
  EXPECT_EQ(second.Wait(), 1);
  // It serves and judges nothing: there is no verdict in front.
  EXPECT_THAT(second.Output(), ::testing::StartsWith("Another witness has the folder"));
}

TEST_F(WitnessProgramTest, ALineThatIsRepeatedDoesNotEndIt) {
  ASSERT_NO_FATAL_FAILURE(witness_.Start());
  ledger::SignedNote note = *ledger::ParseNote(log_.Checkpoint(5));
  note.signatures.assign(ledger::kNoteSignaturesMax, ledger::NoteSignature(note.signatures[0]));
  ledger::AddCheckpoint request{.old_size = TreeSize(0)};
  request.checkpoint = ledger::Format(note);
  EXPECT_EQ(Post(client_, witness_.url(), ledger::Format(request)).status, 200);
  EXPECT_EQ(Kept(), 5u);
  EXPECT_EQ(witness_.Stop(), 0);
}

// Goal: what was cosigned is never forgotten, whenever the program is killed. Method: one thread
// submits ever larger checkpoints; the program is killed after a while that differs each round. The
// largest size that was answered must be kept, and the fork refused.
TEST_F(WitnessProgramTest, KilledAtAnyTimeItKeepsWhatItCosigned) {
  uint64_t acknowledged = 0;
  for (int round = 0; round < 12; ++round) {
    ASSERT_NO_FATAL_FAILURE(witness_.Start());
    uint64_t size = Kept();
    ASSERT_GE(size, acknowledged);
    // At the common size itself the fork is a rightful continuation.
    if (size > kCommon) {
      ASSERT_EQ(Add(fork_, size, size + 1).status, 422);
    }
    std::thread killer([this, round] {
      std::this_thread::sleep_for(std::chrono::microseconds(2000 + round * 3777));
      witness_.Kill();
    });
    while (size < 1990) {
      const uint64_t next = size == 0 ? kCommon : size + 1;
      if (Add(log_, size, next).status != 200) break;
      size = acknowledged = next;
    }
    killer.join();
  }
  EXPECT_GT(acknowledged, 0u);
}

// Goal: of two histories submitted at once over several connections, one alone is cosigned.
TEST_F(WitnessProgramTest, OfTwoHistoriesAtOnceOneIsCosigned) {
  ASSERT_NO_FATAL_FAILURE(witness_.Start());
  ASSERT_EQ(Add(log_, 0, kCommon).status, 200);
  std::vector<std::string> bodies;
  for (uint64_t i = 0; i < 8; ++i) {
    bodies.push_back(Request(i % 2 == 0 ? log_ : fork_, kCommon, 20 + i));
  }
  std::vector<int> statuses(bodies.size());
  std::vector<std::thread> threads;
  for (size_t i = 0; i < bodies.size(); ++i) {
    threads.emplace_back([&, i] {
      services::HttpClient client;
      statuses[i] = Post(client, witness_.url(), bodies[i]).status;
    });
  }
  for (std::thread& thread : threads) thread.join();
  int cosigned = 0;
  for (size_t i = 0; i < statuses.size(); ++i) {
    if (statuses[i] == 200) {
      ++cosigned;
      EXPECT_EQ(Kept(), 20 + i);
    } else {
      EXPECT_EQ(statuses[i], 409);
    }
  }
  EXPECT_EQ(cosigned, 1);
}

}  // namespace
}  // namespace scrutiny::tools::verify
