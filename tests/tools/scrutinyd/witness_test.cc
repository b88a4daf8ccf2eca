// The server and the independent witness, each a program.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

#include "ledger/note/signed_note.h"
#include "tests/tools/scrutinyd/daemon_test.h"

namespace scrutiny::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// `scrutiny-verify witness` in a process, ended by its pid.
class WitnessProcess {
 public:
  WitnessProcess(std::string folder, const std::string& log_key)
      : folder_(std::move(folder)), log_key_(log_key) {}
  ~WitnessProcess() { Stop(); }

  void Start(const std::string& listen = "127.0.0.1:0") {
    fs::create_directories(folder_);
    fs::remove(folder_ + "/port");
    const std::vector<std::string> argv = {ProgramPath("scrutiny-verify"),
                                           "witness",
                                           "--state",
                                           folder_ + "/state",
                                           "--name",
                                           "panel.example",
                                           "--listen",
                                           listen,
                                           "--port-file",
                                           folder_ + "/port",
                                           "--vkey",
                                           log_key_};
    pid_ = fork();
    ASSERT_GE(pid_, 0);
    if (pid_ == 0) {
      std::vector<char*> arguments;
      for (const std::string& word : argv) arguments.push_back(const_cast<char*>(word.c_str()));
      arguments.push_back(nullptr);
      const bool redirected = freopen((folder_ + "/out").c_str(), "w", stdout) != nullptr;
      if (redirected) execv(arguments[0], arguments.data());
      _exit(127);
    }
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (key().empty() && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ASSERT_THAT(key(), Not(IsEmpty()));
  }
  void Stop() {
    if (pid_ <= 0) return;
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
  std::string address() const {
    const std::string port = ReadFileBytes(folder_ + "/port");
    return port.substr(5, port.find('\n') - 5);
  }
  std::string key() const {
    const std::string out = ReadFileBytes(folder_ + "/out");
    const std::string label = "Verifier key: ";
    const size_t at = out.find(label);
    const size_t end = out.find('\n', at == std::string::npos ? 0 : at);
    if (at == std::string::npos || end == std::string::npos) return "";
    return out.substr(at + label.size(), end - at - label.size());
  }
  std::string option() const { return absl::StrCat("http://", address(), "=", key()); }
  pid_t pid() const { return pid_; }

 private:
  const std::string folder_;
  const std::string log_key_;
  pid_t pid_ = -1;
};

class WitnessTest : public DaemonTest {
 protected:
  void SetUp() override {
    // The witness is told of the ledger's key before the ledger of it.
    SCRUTINY_ASSERT_OK(server_.Start());
    const std::string log_key = GetCheckpoint().verifier_keys(0);
    SCRUTINY_ASSERT_OK(server_.Stop());
    witness_ = std::make_unique<WitnessProcess>(dir_.File("witness"), log_key);
    ASSERT_NO_FATAL_FAILURE(witness_->Start());
  }
  absl::Status StartWitnessed() { return server_.Start({"--witness", witness_->option()}); }
  // Waits until the witness has cosigned all there is.
  bool Cosigned() {
    const uint64_t size = Size();
    for (int i = 0; i < 1500; ++i) {
      const api::GetStatusResponse status = Status();
      if (status.witnesses_size() == 1 && status.witnesses(0).cosigned_size() >= size) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  std::unique_ptr<WitnessProcess> witness_;
};

TEST_F(WitnessTest, TheCosignatureIsOnTheCheckpointThatIsServed) {
  SCRUTINY_ASSERT_OK(StartWitnessed());
  ASSERT_TRUE(Append("first", 20).ok());
  ASSERT_TRUE(Cosigned());
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const services::HttpResponse response, Get("/log/checkpoint"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const ledger::SignedNote note, ledger::ParseNote(response.body));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto key, ledger::ParseVerifierKey(witness_->key()));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto verified, ledger::VerifyNote(note, {&key, 1}));
  EXPECT_THAT(verified, SizeIs(1));
  EXPECT_THAT(Status().witnesses(0).problem(), IsEmpty());
  EXPECT_EQ(Status().witnesses(0).name(), "panel.example");
}

// Data and identity are rolled back together, so that nothing on this machine knows: the witness
// does.
TEST_F(WitnessTest, ARolledBackMachineIsRefusedByItsWitness) {
  CopyFolder(server_.data(), dir_.File("old-data"));
  CopyFolder(server_.identity(), dir_.File("old-identity"));
  SCRUTINY_ASSERT_OK(StartWitnessed());
  ASSERT_TRUE(Append("first", 20).ok());
  ASSERT_TRUE(Cosigned());
  SCRUTINY_ASSERT_OK(server_.Stop());
  fs::rename(server_.data(), dir_.File("current-data"));
  fs::rename(server_.identity(), dir_.File("current-identity"));
  fs::rename(dir_.File("old-data"), server_.data());
  fs::rename(dir_.File("old-identity"), server_.identity());
  const std::string said = Refusal({"--data", server_.data(), "--witness", witness_->option()});
  EXPECT_THAT(said, HasSubstr("This ledger is older than what was signed"));
  EXPECT_THAT(said, HasSubstr("the witness panel.example"));
  // Were it served all the same, the witness would not cosign.
  const std::string option = witness_->option();
  const std::string address = witness_->address();
  witness_->Stop();
  SCRUTINY_ASSERT_OK(server_.Start({"--witness", option}));
  ASSERT_TRUE(Append("another", 50).ok());
  ASSERT_NO_FATAL_FAILURE(witness_->Start(address));
  std::string problem;
  for (int i = 0; i < 1500 && problem.find("422") == std::string::npos; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    problem = Status().witnesses(0).problem();
  }
  EXPECT_THAT(problem, HasSubstr("422"));
  EXPECT_EQ(Status().witnesses(0).cosigned_size(), 0u);
}

TEST_F(WitnessTest, AWitnessThatIsDownKeepsNothingFromStartingOrEnding) {
  const std::string option = witness_->option();
  witness_->Stop();
  SCRUTINY_ASSERT_OK(server_.Start({"--witness", option}));
  ASSERT_TRUE(Append("first", 20).ok());
  EXPECT_EQ(CheckpointOfAll().size.value(), 21u);
  for (int i = 0; i < 500 && Status().witnesses(0).problem().empty(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_THAT(Status().witnesses(0).problem(), Not(IsEmpty()));
  EXPECT_THAT(server_.Log(), HasSubstr("does not cosign"));
  const auto start = std::chrono::steady_clock::now();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const int exit_code, server_.Stop());
  EXPECT_EQ(exit_code, 0);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(9));
}

TEST_F(WitnessTest, AWitnessThatIsNotWellNamedIsRefused) {
  for (const std::string& option :
       {std::string("nonsense"), std::string("http://127.0.0.1:1"),
        absl::StrCat("http://127.0.0.1:1=", witness_->key().substr(1))}) {
    EXPECT_THAT(Refusal({"--data", server_.data() + "-new", "--origin", "example.org/new",
                         "--witness", option}),
                HasSubstr("--witness"));
  }
  EXPECT_FALSE(std::filesystem::exists(server_.data() + "-new")) << "a mistake made a ledger";
}

// Stopped by the debugger of somebody: a connection that is taken and never answered.
TEST_F(WitnessTest, AWitnessThatHangsDelaysTheEndByLittle) {
  SCRUTINY_ASSERT_OK(StartWitnessed());
  ASSERT_TRUE(Append("first", 1).ok());
  ASSERT_TRUE(Cosigned());
  const pid_t hanging = witness_->pid();
  kill(hanging, SIGSTOP);
  ASSERT_TRUE(Append("second", 1).ok());
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  const auto start = std::chrono::steady_clock::now();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const int exit_code, server_.Stop());
  EXPECT_EQ(exit_code, 0);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(7));
  kill(hanging, SIGCONT);
}

// It waits for the witness for two seconds when it starts; who ends it meanwhile need not.
TEST_F(WitnessTest, ASignalWhileItStartsEndsIt) {
  const std::string option = witness_->option();
  kill(witness_->pid(), SIGSTOP);
  const ProgramResult result =
      RunProgram({"/usr/bin/timeout", "--preserve-status", "-s", "TERM", "0.7",
                  ProgramPath("scrutinyd"), "--data", server_.data(), "--listen", "127.0.0.1:0",
                  "--http", "127.0.0.1:0", "--witness", option});
  kill(witness_->pid(), SIGCONT);
  EXPECT_EQ(result.exit_code, 128 + SIGTERM);
  EXPECT_THAT(result.err, HasSubstr("while starting"));
  SCRUTINY_EXPECT_OK(server_.Start());
}

}  // namespace
}  // namespace scrutiny::testing
