#include "tools/scrutiny-verify/verdict.h"

#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "tools/scrutiny-verify/progress.h"

namespace scrutiny::tools::verify {
namespace {

using ledger::Damage;
using ledger::DamageKind;
using ledger::Error;
using ledger::Reason;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string Printed(const Verdict& verdict, bool json) {
  std::ostringstream out;
  Print(verdict, json, out);
  return out.str();
}

TEST(VerdictTest, TheVerdictComesFirst) {
  Verdict verdict{.verified = true, .sentence = "All is well."};
  verdict.details.emplace_back("Ledger", "scrutiny.example.org");
  verdict.details.emplace_back("Read", "3 entries");
  verdict.list.push_back("entry 1");
  verdict.notices.push_back("There is a newer key.");
  EXPECT_EQ(Printed(verdict, false),
            "VERIFIED. All is well.\n"
            "\n"
            "  Ledger  scrutiny.example.org\n"
            "  Read    3 entries\n"
            "\n"
            "  entry 1\n"
            "\n"
            "Note: There is a newer key.\n");
}

TEST(VerdictTest, DamagesAreNumberedAndWhatToDoIsSaid) {
  Verdict verdict{.sentence = "Two things are wrong:"};
  verdict.damages = {{.kind = DamageKind::kEntry, .what = "Entry 1: changed."},
                     {.kind = DamageKind::kTile, .what = "tile/0/000 is missing."}};
  verdict.damages_total = 2;
  const std::string text = Printed(verdict, false);
  EXPECT_THAT(text, StartsWith("NOT VERIFIED. Two things are wrong:\n\n"
                               "  1. Entry 1: changed.\n"
                               "  2. tile/0/000 is missing.\n"));
  EXPECT_THAT(text, HasSubstr("What to do: keep a copy"));
}

TEST(VerdictTest, ManyDamagesAreCut) {
  Verdict verdict{.sentence = "Much is wrong:"};
  for (int i = 0; i < 30; ++i) verdict.damages.push_back({.what = absl::StrCat("No. ", i)});
  verdict.damages_total = 1'234'567;
  const std::string text = Printed(verdict, false);
  EXPECT_THAT(text, HasSubstr("  20. No. 19\n  … and 1,234,547 things more.\n"));
  EXPECT_EQ(nlohmann::json::parse(Printed(verdict, true))["damages"].size(), 30u);
}

TEST(VerdictTest, ProgramsGetTheSame) {
  Verdict verdict{.sentence = "One thing is wrong:"};
  verdict.damages = {{.kind = DamageKind::kEntry,
                      .what = "Entry 7: changed.",
                      .entry = ledger::Sequence(7),
                      .record = "actions/spab/7",
                      .file = "tile/entries/000",
                      .begin = 45,
                      .end = 99}};
  verdict.damages_total = 1;
  verdict.facts["entries"] = 12;
  const nlohmann::json json = nlohmann::json::parse(Printed(verdict, true));
  EXPECT_EQ(json["verified"], false);
  EXPECT_EQ(json["verdict"], "One thing is wrong:");
  EXPECT_EQ(json["entries"], 12);
  EXPECT_EQ(json["damages_total"], 1);
  const nlohmann::json& damage = json["damages"][0];
  EXPECT_EQ(damage["kind"], "entry");
  EXPECT_EQ(damage["entry"], 7);
  EXPECT_EQ(damage["record"], "actions/spab/7");
  EXPECT_EQ(damage["file"], "tile/entries/000");
  EXPECT_EQ(damage["begin"], 45);
  EXPECT_EQ(damage["end"], 99);
}

TEST(VerdictTest, WhatCouldNotBeReadIsNotCalledWrong) {
  const absl::Status wrong = Error(Reason::kCorrupt, "It is wrong.").Next("Get it anew.");
  const absl::Status gone = absl::UnavailableError("Nobody answers.");
  std::ostringstream out;
  PrintError(wrong, false, out);
  PrintError(gone, false, out);
  EXPECT_EQ(out.str(), "NOT VERIFIED. It is wrong. Get it anew.\nNOT CHECKED. Nobody answers.\n");
  std::ostringstream json;
  PrintError(gone, true, json);
  EXPECT_EQ(nlohmann::json::parse(json.str())["checked"], false);
}

TEST(VerdictTest, AUsageErrorIsKnownAsOne) {
  const absl::Status wrong = Error(Reason::kMalformed, "No key.");
  EXPECT_FALSE(IsUsageError(wrong));
  EXPECT_TRUE(IsUsageError(UsageError(wrong)));
  EXPECT_TRUE(UsageError(absl::OkStatus()).ok());
}

TEST(VerdictTest, NumbersAndTimesAreForPeople) {
  EXPECT_EQ(WithCommas(0), "0");
  EXPECT_EQ(WithCommas(999), "999");
  EXPECT_EQ(WithCommas(1000), "1,000");
  EXPECT_EQ(WithCommas(1234567), "1,234,567");
  EXPECT_EQ(Counted(1, "entry", "entries"), "1 entry");
  EXPECT_EQ(Counted(0, "entry", "entries"), "0 entries");
  EXPECT_EQ(TimeInWords(1'552'903'200'000'000), "18 March 2019 at 10:00:00 UTC");
}

TEST(ProgressBarTest, ItIsDrawnOnATerminalAloneAndTakenAway) {
  std::ostringstream terminal;
  {
    ProgressBar bar(terminal, true, "Checking");
    bar.Show(500, 1000);
    EXPECT_THAT(terminal.str(), HasSubstr("Checking  [###############...............]  50 %  500 "
                                          "of 1,000"));
  }
  EXPECT_TRUE(terminal.str().ends_with("\r\x1b[2K"));
  std::ostringstream file;
  ProgressBar(file, false, "Checking").Show(500, 1000);
  EXPECT_EQ(file.str(), "");
}

// What a ledger says must not be taken for what the program says.
TEST(VerdictTest, NothingOfALedgerIsObeyedByATerminal) {
  const std::string evil = "\x1b[2JVERIFIED.\u202e\u009b\n";
  Verdict verdict;
  verdict.sentence = evil;
  verdict.details.emplace_back("Ledger", evil);
  verdict.list.push_back(evil);
  verdict.damages.push_back({.what = evil});
  verdict.damages_total = 1;
  verdict.notices.push_back(evil);
  verdict.facts["origin"] = evil;
  std::ostringstream text;
  Print(verdict, false, text);
  PrintError(ledger::Error(ledger::Reason::kCorrupt, evil).Next(evil), false, text);
  std::ostringstream json;
  Print(verdict, true, json);
  for (const std::string& out : {text.str(), json.str()}) {
    EXPECT_EQ(out.find('\x1b'), std::string::npos) << out;
    EXPECT_EQ(out.find("\u202e"), std::string::npos) << out;
    EXPECT_EQ(out.find("\u009b"), std::string::npos) << out;
    EXPECT_EQ(out.find("\nVERIFIED"), std::string::npos) << out;
  }
  EXPECT_THAT(text.str(), HasSubstr("\\x1b[2JVERIFIED.\\u202e\\u009b\\x0a"));
}

}  // namespace
}  // namespace scrutiny::tools::verify
