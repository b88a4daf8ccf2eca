#include "services/log/witnesses.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

#include "ledger/base/text.h"
#include "ledger/format/hash.h"
#include "ledger/note/checkpoint.h"
#include "ledger/note/signed_note.h"
#include "ledger/verify/witness.h"
#include "services/log/ledger_log.h"
#include "services/log/static_log.h"
#include "tests/services/log/fake_witness.h"
#include "tests/services/log/signed_ledger.h"

namespace scrutiny::services {
namespace {

using ledger::AddCheckpoint;
using ledger::TreeSize;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

using AsUsual = std::function<HttpResponse()>;

// What one answers that has gone away.
HttpResponse OutOfOrder(const AddCheckpoint& /*request*/, const AsUsual& /*as_usual*/) {
  return FakeWitness::Plain(500, "out of order\n");
}

class WitnessesTest : public SignedLedgerTest {
 protected:
  void TearDown() override {
    log_.reset();
    witnesses_.reset();
    Close();
  }

  absl::Status Create(const std::vector<std::string>& options) {
    auto created = Witnesses::Create(
        options,
        [this](const std::string& news) {
          ledger::MutexLock lock(mutex_);
          news_.push_back(news);
        },
        /*start_answer_micros=*/30'000'000);
    if (!created.ok()) return created.status();
    witnesses_ = *std::move(created);
    return absl::OkStatus();
  }
  void Begin(const std::vector<std::string>& options) {
    SCRUTINY_ASSERT_OK(Create(options));
    SCRUTINY_ASSERT_OK(witnesses_->CheckAtStart(*ledger_, {&log_key_, 1}));
    witnesses_->Start(*ledger_, *checkpointer_);
  }
  WitnessState state(size_t which = 0) { return witnesses_->states().at(which); }
  std::vector<std::string> news() {
    ledger::MutexLock lock(mutex_);
    return news_;
  }
  // Waits until something is wrong with the witness, and told; what it is.
  std::string Problem() {
    EXPECT_TRUE(Eventually([this] { return !state().problem.empty() && !news().empty(); }));
    return state().problem;
  }
  std::string Served() {
    if (log_ == nullptr) {
      log_ = std::make_unique<LedgerLog>(*ledger_, *checkpointer_, clock_, witnesses_.get());
    }
    HttpRequest request;
    request.method = "GET";
    request.target = "/log/checkpoint";
    return ServeStaticLog(*log_, request).body;
  }
  TreeSize ServedSize() {
    const auto note = ledger::ParseNote(Served());
    EXPECT_THAT(note, testing::IsOk());
    return ledger::ParseCheckpoint(note->text).value().size;
  }
  // Those of the known keys that signed what is served, as an auditor sees it.
  size_t Signatures(const std::vector<ledger::VerifierKey>& keys) {
    const auto note = ledger::ParseNote(Served());
    EXPECT_THAT(note, testing::IsOk());
    const auto verified = ledger::VerifyNote(*note, keys);
    EXPECT_THAT(verified, testing::IsOk()) << "nothing served may fail to verify";
    return verified.ok() ? verified->size() : 0;
  }
  // A checkpoint that the witness cosigned.
  // A checkpoint as a witness shows it: with the log's signature and its own.
  std::string Cosigned(const FakeWitness& witness, const ledger::Checkpoint& checkpoint) {
    ledger::SignedNote note;
    note.text = ledger::Format(checkpoint);
    const auto signers = identity_->ReadKeys();
    EXPECT_THAT(signers, testing::IsOk());
    note.signatures.push_back(ledger::SignNote(note.text, signers->front()));
    note.signatures.push_back(ledger::Cosign(note.text, witness.signer(), 1'700'000'000));
    return ledger::Format(note);
  }
  // What the log never signed.
  static std::string WithoutTheLog(const std::string& note) {
    absl::StatusOr<ledger::SignedNote> parsed = ledger::ParseNote(note);
    EXPECT_THAT(parsed, testing::IsOk());
    parsed->signatures.erase(parsed->signatures.begin());
    return ledger::Format(*parsed);
  }
  ledger::Checkpoint At(uint64_t size) {
    const auto root = ledger_->tree().Root(TreeSize(size));
    EXPECT_THAT(root, testing::IsOk());
    return {ledger_->identity().origin, TreeSize(size), *root};
  }

  FakeWitness witness_;
  ledger::Mutex mutex_;
  std::vector<std::string> news_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<Witnesses> witnesses_;
  std::unique_ptr<LedgerLog> log_;
};

TEST_F(WitnessesTest, TheCosignatureIsServedWithTheCheckpoint) {
  AppendActions(5);
  Begin({witness_.option()});
  ASSERT_TRUE(Eventually([this] { return Signatures({log_key_, witness_.key()}) == 2; }));
  EXPECT_TRUE(Eventually([this] { return state().cosigned == ledger_->size(); }));
  EXPECT_EQ(state().cosigned_at_us, int64_t{1'700'000'000} * 1'000'000);
  EXPECT_THAT(state().problem, IsEmpty());
  EXPECT_THAT(news(), IsEmpty());
  EXPECT_EQ(state().name, witness_.key().name);
  EXPECT_EQ(state().url, witness_.url());
}

TEST_F(WitnessesTest, EachCheckpointContinuesTheOneCosignedBefore) {
  Begin({witness_.option()});
  for (int round = 0; round < 3; ++round) {
    AppendActions(100);
    ASSERT_TRUE(Eventually([this] { return witness_.size() == ledger_->size(); }));
  }
  EXPECT_THAT(state().problem, IsEmpty());
  EXPECT_EQ(witness_.asked().front().old_size, TreeSize(0));
}

TEST_F(WitnessesTest, SeveralWitnessesCosignOneCheckpoint) {
  FakeWitness second(5);
  FakeWitness third(6);
  AppendActions(5);
  Begin({witness_.option(), second.option(), third.option()});
  EXPECT_TRUE(Eventually([&] {
    return Signatures({log_key_, witness_.key(), second.key(), third.key()}) == 4;
  }));
}

TEST_F(WitnessesTest, TheIndependentWitnessCosigns) {
  ledger::Witness::Options options;
  options.folder = dir_.File("witness");
  options.name = "panel.example";
  options.log_keys = {log_key_};
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto witness,
                                ledger::Witness::Open(options, clock_, random_));
  HttpServerOptions http;
  http.listen = "127.0.0.1:0";
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const auto server, HttpServer::Start(http, [&witness](const HttpRequest& request) {
        const ledger::WitnessAnswer answer = request.method == "POST"
                                                 ? witness->Add(request.body)
                                                 : witness->Latest(request.target.substr(1, 64));
        return FakeWitness::Plain(answer.status, answer.body);
      }));
  const std::string option =
      absl::StrCat("http://", server->address(), "=", ledger::ToString(witness->verifier()));
  Begin({option});
  AppendActions(70);
  ASSERT_TRUE(Eventually([&] { return state().cosigned == ledger_->size(); }));
  EXPECT_EQ(Signatures({log_key_, witness->verifier()}), 2u);
  // Started anew, it knows what was cosigned.
  witnesses_.reset();
  AppendActions(3);
  const TreeSize before(ledger_->size().value() - 3);
  SCRUTINY_ASSERT_OK(Create({option}));
  SCRUTINY_ASSERT_OK(witnesses_->CheckAtStart(*ledger_, {&log_key_, 1}));
  EXPECT_EQ(state().cosigned, before);
}

// A checkpoint follows another in milliseconds, and two witnesses answer when they do, one of them
// late: what is served bears both their words nearly always, and never goes back.
TEST_F(WitnessesTest, UnderLoadACosignedCheckpointIsServed) {
  FakeWitness late(5);
  late.AnswerWith([](const AddCheckpoint&, const AsUsual& as_usual) {
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    return as_usual();
  });
  Begin({witness_.option(), late.option()});
  std::atomic<bool> stop{false};
  std::thread writer([this, &stop] {
    while (!stop) AppendActions(1);
  });
  const absl::Cleanup stop_writing = [&] {
    stop = true;
    if (writer.joinable()) writer.join();
  };
  EXPECT_TRUE(Eventually([&] { return Signatures({log_key_, witness_.key(), late.key()}) == 3; }));
  TreeSize size;
  int cosigned = 0;
  constexpr int kLooks = 300;
  for (int i = 0; i < kLooks; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    cosigned += Signatures({log_key_, witness_.key(), late.key()}) == 3;
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const ledger::SignedNote note, ledger::ParseNote(Served()));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const ledger::Checkpoint served,
                                  ledger::ParseCheckpoint(note.text));
    EXPECT_GE(served.size, size);
    size = served.size;
  }
  EXPECT_GT(cosigned, kLooks * 9 / 10);
}

// One that takes longer than the others wait between two checkpoints: all are asked for one until
// it has answered, or is taken to be away.
TEST_F(WitnessesTest, UnderLoadASlowOneIsWaitedFor) {
  FakeWitness slow(5);
  slow.AnswerWith([](const AddCheckpoint&, const AsUsual& as_usual) {
    std::this_thread::sleep_for(std::chrono::microseconds(kWitnessEveryMicros * 3 / 2));
    return as_usual();
  });
  Begin({witness_.option(), slow.option()});
  std::atomic<bool> stop{false};
  std::thread writer([this, &stop] {
    while (!stop) AppendActions(1);
  });
  const auto all_signed = [&] {
    return Signatures({log_key_, witness_.key(), slow.key()}) == 3 &&
           state(0).cosigned > TreeSize(1) && state(1).cosigned > TreeSize(1);
  };
  EXPECT_TRUE(Eventually(all_signed, 20));
  stop = true;
  writer.join();
}

// One that cosigned and then went away: after a while the newest is served without it.
TEST_F(WitnessesTest, OneThatGoesAwayDoesNotHoldTheLogBack) {
  Begin({witness_.option()});
  AppendActions(5);
  ASSERT_TRUE(Eventually([this] { return Signatures({log_key_, witness_.key()}) == 2; }));
  witness_.AnswerWith(OutOfOrder);
  EXPECT_TRUE(Eventually(
      [&] {
        AppendActions(1);
        return ServedSize() == ledger_->size();
      },
      20));
}

// Nothing is recorded any more, so that no newer checkpoint comes: after a while the one that it
// did not cosign is given.
TEST_F(WitnessesTest, OnAQuietLedgerOneThatGoesAwayDoesNotHoldTheLogBack) {
  Begin({witness_.option()});
  AppendActions(5);
  ASSERT_TRUE(Eventually([this] { return Signatures({log_key_, witness_.key()}) == 2; }));
  witness_.AnswerWith(OutOfOrder);
  AppendActions(1);
  EXPECT_TRUE(Eventually([this] { return ServedSize() == ledger_->size(); }, 40));
}

// A newer one may be signed by then that no witness has seen yet.
TEST_F(WitnessesTest, TheFirstOneServedIsCosigned) {
  AppendActions(5);
  Begin({witness_.option()});
  const TreeSize cosigned = ledger_->size();
  ASSERT_TRUE(Eventually([&] { return state().cosigned == cosigned; }));
  witness_.AnswerWith(OutOfOrder);
  AppendActions(1);
  EXPECT_EQ(Signatures({log_key_, witness_.key()}), 2u);
  EXPECT_EQ(ServedSize(), cosigned);
}

// --- What is not a witness.

TEST_F(WitnessesTest, AWitnessThatIsNotWellNamedIsRefused) {
  const std::string vkey = ledger::ToString(witness_.key());
  for (const std::string& option :
       {std::string(), witness_.url(), vkey, absl::StrCat(witness_.url(), "="),
        absl::StrCat(witness_.url(), "=nonsense"), absl::StrCat("ftp://example.org=", vkey),
        absl::StrCat("witness.example=", vkey),
        absl::StrCat(witness_.url(), "=", ledger::ToString(log_key_))}) {
    EXPECT_THAT(Create({option}), testing::HasCode(absl::StatusCode::kInvalidArgument)) << option;
  }
  EXPECT_THAT(Create(std::vector<std::string>(kWitnessesMax + 1, witness_.option())),
              testing::HasCode(absl::StatusCode::kInvalidArgument));
  SCRUTINY_EXPECT_OK(Create({}));
}

// --- Witnesses that are down, slow or wrong.

TEST_F(WitnessesTest, OneThatIsDownDelaysNothingAndIsToldOnce) {
  const std::string option = absl::StrCat("http://127.0.0.1:1=", ledger::ToString(witness_.key()));
  Begin({option});
  EXPECT_THAT(Problem(), Not(IsEmpty()));
  // Far less than if each waited for its turn to be asked again.
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 30; ++i) AppendActions(1);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  EXPECT_EQ(Signatures({log_key_}), 1u);
  EXPECT_THAT(news(), SizeIs(1));
  EXPECT_THAT(news()[0], HasSubstr("does not cosign"));
}

TEST_F(WitnessesTest, OneThatComesBackIsHeard) {
  std::atomic<int> refusals{2};
  witness_.AnswerWith([&refusals](const AddCheckpoint&, const AsUsual& as_usual) {
    return refusals-- > 0 ? FakeWitness::Plain(500, "out of order\n") : as_usual();
  });
  Begin({witness_.option()});
  EXPECT_THAT(Problem(), HasSubstr("500 out of order"));
  ASSERT_TRUE(Eventually([this] { return Signatures({log_key_, witness_.key()}) == 2; }, 20));
  EXPECT_TRUE(Eventually([this] { return state().problem.empty() && news().size() == 2; }));
  ASSERT_THAT(news(), SizeIs(2));
  EXPECT_THAT(news()[1], HasSubstr("cosigns again"));
}

TEST_F(WitnessesTest, OneThatIsSlowDelaysNeitherAppendsNorTheEnd) {
  // The witness outlives the test's own variables.
  const auto let_go = std::make_shared<std::atomic<bool>>(false);
  witness_.AnswerWith([let_go](const AddCheckpoint&, const AsUsual& as_usual) {
    for (int i = 0; i < 6000 && !*let_go; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return as_usual();
  });
  Begin({witness_.option()});
  ASSERT_TRUE(Eventually([this] { return !witness_.asked().empty(); }));
  for (int i = 0; i < 30; ++i) AppendActions(1);
  EXPECT_EQ(witness_.asked().size(), 1u) << "all of it is done while it thinks about one answer";
  const auto start = std::chrono::steady_clock::now();
  witnesses_.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(7)) << "not broken off";
  *let_go = true;
}

struct BadAnswer {
  const char* name;
  HttpResponse (*answer)(const AddCheckpoint&, const FakeWitness&);
  const char* says;  // in what is told
};

std::ostream& operator<<(std::ostream& out, const BadAnswer& bad) { return out << bad.name; }

std::string TextOf(const AddCheckpoint& request) {
  return ledger::ParseNote(request.checkpoint)->text;
}

class BadAnswerTest : public WitnessesTest, public ::testing::WithParamInterface<BadAnswer> {};

// Whatever a witness answers: what is served verifies, the problem is told in one line of text, and
// the ledger goes on.
TEST_P(BadAnswerTest, IsToldAndNothingOfItIsServed) {
  witness_.AnswerWith([this](const AddCheckpoint& request, const AsUsual&) {
    return GetParam().answer(request, witness_);
  });
  AppendActions(10);
  Begin({witness_.option()});
  EXPECT_THAT(Problem(), HasSubstr(GetParam().says));
  EXPECT_EQ(state().cosigned, TreeSize(0));
  for (const std::string& text : {state().problem, news().at(0)}) {
    EXPECT_TRUE(ledger::IsValidUtf8(text)) << absl::CHexEscape(text);
    for (const char c : text) EXPECT_TRUE(c < 0 || c >= ' ') << absl::CHexEscape(text);
    EXPECT_LT(text.size(), 1200u);
  }
  AppendActions(10);
  EXPECT_EQ(Signatures({log_key_, witness_.key()}), 1u);
  EXPECT_THAT(Served(), Not(HasSubstr(witness_.key().name)));
}

INSTANTIATE_TEST_SUITE_P(
    Answers, BadAnswerTest,
    ::testing::Values(
        BadAnswer{"Forbidden",
                  [](const AddCheckpoint&, const FakeWitness&) {
                    return FakeWitness::Plain(403, "no trusted signature\n");
                  },
                  "403 no trusted signature"},
        BadAnswer{
            "UnknownOrigin",
            [](const AddCheckpoint&, const FakeWitness&) { return FakeWitness::Plain(404, ""); },
            "404"},
        BadAnswer{"BadProof",
                  [](const AddCheckpoint&, const FakeWitness&) {
                    return FakeWitness::Plain(422, "the proof does not hold\n");
                  },
                  "422 the proof"},
        BadAnswer{"Broken",
                  [](const AddCheckpoint&, const FakeWitness&) {
                    return FakeWitness::Plain(500, std::string("\xff\xfe\x00 binary\n", 11));
                  },
                  "500"},
        BadAnswer{"LinesForTheLog",
                  [](const AddCheckpoint&, const FakeWitness&) {
                    return FakeWitness::Plain(503, "busy\n2026-01-01 error all is lost\x1b[2J");
                  },
                  "503 busy"},
        BadAnswer{"Redirect",
                  [](const AddCheckpoint&, const FakeWitness&) {
                    HttpResponse response = FakeWitness::Plain(302, "");
                    response.headers.emplace_back("Location", "http://127.0.0.1:1/");
                    return response;
                  },
                  "302"},
        BadAnswer{"ConflictWithTheSameSize",
                  [](const AddCheckpoint& request, const FakeWitness&) {
                    return FakeWitness::Plain(409, absl::StrCat(request.old_size.value(), "\n"));
                  },
                  "409"},
        BadAnswer{"ConflictWithoutASize",
                  [](const AddCheckpoint&, const FakeWitness&) {
                    return FakeWitness::Plain(409, "seven\n");
                  },
                  "409 seven"},
        BadAnswer{"ConflictBeyondEveryNumber",
                  [](const AddCheckpoint&, const FakeWitness&) {
                    return FakeWitness::Plain(409, "18446744073709551616\n");
                  },
                  "409"},
        BadAnswer{"ConflictWithALargerLedger",
                  [](const AddCheckpoint&, const FakeWitness&) {
                    return FakeWitness::Plain(409, "18446744073709551615\n");
                  },
                  "one of the two is not the ledger it was"},
        BadAnswer{"ConflictForEver",
                  [](const AddCheckpoint& request, const FakeWitness&) {
                    return FakeWitness::Plain(
                        409, absl::StrCat(request.old_size.value() == 3 ? 4 : 3, "\n"));
                  },
                  "another size"},
        BadAnswer{
            "NoSignature",
            [](const AddCheckpoint&, const FakeWitness&) { return FakeWitness::Plain(200, ""); },
            ""},
        BadAnswer{"NoSignatureLine",
                  [](const AddCheckpoint&, const FakeWitness&) {
                    return FakeWitness::Plain(200, "thank you\n");
                  },
                  ""},
        BadAnswer{"SomebodyElsesSignature",
                  [](const AddCheckpoint& request, const FakeWitness&) {
                    const FakeWitness other(9);
                    return FakeWitness::Plain(
                        200, ledger::Format(ledger::Cosign(TextOf(request), other.signer(), 1)));
                  },
                  "without a cosignature of its key"},
        BadAnswer{"SignatureOfAnotherText",
                  [](const AddCheckpoint& request, const FakeWitness& witness) {
                    return FakeWitness::Plain(
                        200, ledger::Format(
                                 ledger::Cosign("x/" + TextOf(request), witness.signer(), 1)));
                  },
                  ""},
        BadAnswer{"SignatureWithABitChanged",
                  [](const AddCheckpoint& request, const FakeWitness& witness) {
                    auto signature = ledger::Cosign(TextOf(request), witness.signer(), 1);
                    signature.signature.back() ^= 1;
                    return FakeWitness::Plain(200, ledger::Format(signature));
                  },
                  ""},
        BadAnswer{"SignatureWithAnotherTime",
                  [](const AddCheckpoint& request, const FakeWitness& witness) {
                    auto signature = ledger::Cosign(TextOf(request), witness.signer(), 1);
                    signature.signature[7] ^= 1;
                    return FakeWitness::Plain(200, ledger::Format(signature));
                  },
                  ""},
        BadAnswer{"SignatureUnderTheLogsName",
                  [](const AddCheckpoint& request, const FakeWitness&) {
                    const auto note = ledger::ParseNote(request.checkpoint);
                    return FakeWitness::Plain(200, ledger::Format(note->signatures.front()));
                  },
                  "without a cosignature of its key"},
        BadAnswer{"TooLong",
                  [](const AddCheckpoint&, const FakeWitness&) {
                    return FakeWitness::Plain(200, std::string(1 << 20, 'x'));
                  },
                  ""}),
    [](const auto& info) { return std::string(info.param.name); });

TEST_F(WitnessesTest, ItsOwnLineIsFoundAmongOthers) {
  witness_.AnswerWith([](const AddCheckpoint& request, const AsUsual& as_usual) {
    const FakeWitness other(9);
    HttpResponse response = as_usual();
    response.body =
        ledger::Format(ledger::Cosign(TextOf(request), other.signer(), 1)) + response.body;
    return response;
  });
  Begin({witness_.option()});
  ASSERT_TRUE(Eventually([this] { return Signatures({log_key_, witness_.key()}) == 2; }));
  EXPECT_THAT(Served(), Not(HasSubstr("witness.example/9"))) << "nobody asked for that one";
}

TEST_F(WitnessesTest, OneThatHasSeenAnotherSizeIsAskedFromThere) {
  AppendActions(20);
  witness_.SetKnown(At(13));
  Begin({witness_.option()});
  ASSERT_TRUE(Eventually([this] { return state().cosigned == ledger_->size(); }));
  const std::vector<AddCheckpoint> asked = witness_.asked();
  ASSERT_THAT(asked, SizeIs(2));
  EXPECT_EQ(asked[1].old_size, TreeSize(13));
  EXPECT_THAT(asked[1].proof, Not(IsEmpty()));
}

// Its data was lost, or restored: it begins again.
TEST_F(WitnessesTest, OneThatHasForgottenIsAskedFromTheBeginning) {
  AppendActions(20);
  Begin({witness_.option()});
  ASSERT_TRUE(Eventually([this] { return state().cosigned == ledger_->size(); }));
  witness_.SetKnown({});
  AppendActions(5);
  ASSERT_TRUE(Eventually([this] { return state().cosigned == ledger_->size(); }));
  EXPECT_EQ(witness_.asked().back().old_size, TreeSize(0));
  EXPECT_THAT(witness_.asked().back().proof, IsEmpty());
}

// --- At the start.

TEST_F(WitnessesTest, ALedgerOlderThanItsWitnessDoesNotStart) {
  AppendActions(20);
  ledger::Checkpoint ahead = At(21);
  ahead.size = TreeSize(500);
  witness_.SetLatest(200, Cosigned(witness_, ahead));
  SCRUTINY_ASSERT_OK(Create({witness_.option()}));
  const absl::Status status = witnesses_->CheckAtStart(*ledger_, {&log_key_, 1});
  EXPECT_THAT(status, testing::HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(std::string(status.message()), HasSubstr("older than what was signed"));
  EXPECT_THAT(std::string(status.message()), HasSubstr(witness_.key().name));
  EXPECT_THAT(std::string(status.message()), HasSubstr("500"));
}

TEST_F(WitnessesTest, ALedgerOfAnotherHistoryDoesNotStart) {
  AppendActions(20);
  ledger::Checkpoint other = At(10);
  other.root[31] ^= 1;
  witness_.SetLatest(200, Cosigned(witness_, other));
  SCRUTINY_ASSERT_OK(Create({witness_.option()}));
  const absl::Status status = witnesses_->CheckAtStart(*ledger_, {&log_key_, 1});
  EXPECT_THAT(status, testing::HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(std::string(status.message()), HasSubstr("not the one that was signed"));
}

TEST_F(WitnessesTest, ALedgerThatContinuesStartsAndKnowsWhatWasCosigned) {
  AppendActions(20);
  witness_.SetLatest(200, Cosigned(witness_, At(10)));
  witness_.SetKnown(At(10));
  Begin({witness_.option()});
  ASSERT_TRUE(Eventually([this] { return state().cosigned == ledger_->size(); }));
  EXPECT_EQ(witness_.asked().front().old_size, TreeSize(10));
}

// Who cannot be asked, or says what it did not sign, does not keep the ledger from starting.
TEST_F(WitnessesTest, AWitnessWithoutAWordOfItsOwnKeepsNobodyFromStarting) {
  AppendActions(20);
  ledger::Checkpoint ahead = At(21);
  ahead.size = TreeSize(500);
  const FakeWitness other(9);
  std::string changed = Cosigned(witness_, ahead);
  changed[changed.size() - 4] ^= 1;
  ledger::Checkpoint elsewhere = ahead;
  elsewhere.origin = "elsewhere.example";
  for (const auto& [status, body] :
       std::vector<std::pair<int, std::string>>{{404, ""},
                                                {500, "out of order"},
                                                {200, ""},
                                                {200, "nonsense"},
                                                {200, ledger::Format(ahead)},
                                                {200, Cosigned(other, ahead)},
                                                {200, WithoutTheLog(Cosigned(witness_, ahead))},
                                                {200, changed},
                                                {200, Cosigned(witness_, elsewhere)},
                                                {302, Cosigned(witness_, ahead)},
                                                {200, std::string(200'000, '\n')}}) {
    witness_.SetLatest(status, body);
    SCRUTINY_ASSERT_OK(Create({witness_.option()}));
    SCRUTINY_EXPECT_OK(witnesses_->CheckAtStart(*ledger_, {&log_key_, 1}))
        << status << " " << body.substr(0, 80);
    EXPECT_EQ(state().cosigned, TreeSize(0));
  }
  SCRUTINY_ASSERT_OK(
      Create({absl::StrCat("http://127.0.0.1:1=", ledger::ToString(witness_.key()))}));
  SCRUTINY_EXPECT_OK(witnesses_->CheckAtStart(*ledger_, {&log_key_, 1}));
}

}  // namespace
}  // namespace scrutiny::services
