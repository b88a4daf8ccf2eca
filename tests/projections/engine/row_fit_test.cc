#include "projections/engine/row_fit.h"

#include <string>

#include "gtest/gtest.h"

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "projections/engine/row_bytes.h"
#include "projections/engine/row_meta.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {
namespace {

using register_::v1::ActionRow;

TEST(ShortenedTest, CutsBetweenCharactersAndSaysSo) {
  EXPECT_EQ(Shortened("Form 188", 8), "Form 188");
  EXPECT_EQ(Shortened("Form 188 received", 11), "Form 188…");
  const std::string cut = Shortened("££££££", 8);
  EXPECT_EQ(cut, "££…");
  EXPECT_TRUE(ledger::IsValidUtf8(cut));
}

TEST(FitRowTest, RowThatFitsIsLeftAlone) {
  ActionRow row;
  row.set_title("A title of some words");
  ActionRow fitted = row;
  FitRow(&fitted, 4096);
  EXPECT_EQ(fitted.SerializeAsString(), row.SerializeAsString());
}

TEST(FitRowTest, ShortensProseAndNeverNames) {
  ActionRow row;
  const std::string name = "actions/" + std::string(190, 'a');
  row.set_action(name);
  row.set_meeting("meetings/" + std::string(190, 'm'));
  std::string prose;
  while (prose.size() < 9000) prose += "word ";
  row.set_progress(prose);
  for (int i = 0; i < 20; ++i) row.add_steps()->set_text(prose);
  FitRow(&row, ledger::kRowBytesMax);
  EXPECT_LE(row.ByteSizeLong(), ledger::kRowBytesMax);
  EXPECT_EQ(row.action(), name);
  EXPECT_EQ(row.progress().substr(row.progress().size() - 3), "…");
  EXPECT_EQ(row.steps_size(), 20) << "shorter texts were enough";
}

TEST(FitRowTest, ListsKeepTheirLastElementsAndAreMarked) {
  ActionRow row;
  for (int i = 0; i < 200; ++i) {
    auto* evidence = row.add_evidence();
    evidence->set_paper("papers/" + std::string(100, 'p'));
    evidence->set_text("number " + std::to_string(i));
  }
  FitRow(&row, ledger::kRowBytesMax);
  EXPECT_LE(row.ByteSizeLong(), ledger::kRowBytesMax);
  ASSERT_GT(row.evidence_size(), 10);
  EXPECT_EQ(row.evidence().rbegin()->text(), "number 199");
  EXPECT_EQ(row.evidence(0).text().rfind("…", 0), 0u) << row.evidence(0).text();
}

TEST(SerialiseRowTest, StoredRowsKeepTheLimit) {
  ActionRow row;
  for (int i = 0; i < 5000; ++i) row.add_evidence()->set_text("some words");
  std::string bytes;
  EXPECT_TRUE(SerialiseRow(row, &bytes));
  EXPECT_LE(bytes.size(), ledger::kRowBytesMax);
  EXPECT_FALSE(SerialiseRow(ActionRow(), &bytes)) << "there is nothing to keep";
}

TEST(MetaBuilderTest, KeepsTheLatestEntriesInOrderAndCountsAll) {
  MetaBuilder builder;
  event::v1::Entry entry;
  for (uint64_t i = 0; i < 250; ++i) {
    // Not in the order of sequences: facts come by date.
    builder.Add({ledger::Sequence((i * 7) % 250), ledger::Day(0), &entry, &entry});
  }
  register_::v1::RowMeta meta;
  builder.WriteTo(&meta);
  EXPECT_EQ(meta.entry_count(), 250u);
  ASSERT_EQ(meta.entries_size(), static_cast<int>(kRowEntriesMax));
  for (int i = 0; i < meta.entries_size(); ++i) {
    EXPECT_EQ(meta.entries(i), 150u + static_cast<uint64_t>(i));
  }
  EXPECT_FALSE(meta.date_not_known() || meta.despite() || meta.inferred() || meta.corrected());
}

TEST(MetaBuilderTest, SaysWhatIsSpecialAboutTheFacts) {
  event::v1::Entry original;
  event::v1::Entry correction;
  correction.mutable_assigned()->set_sequence(9);
  correction.mutable_proposed()->add_recorded_despite()->set_rule("a-rule");
  correction.mutable_proposed()->add_sources()->set_basis(event::v1::BASIS_INFERRED);
  MetaBuilder builder;
  builder.Add({ledger::Sequence(3), ledger::Day::Max(), &correction, &original});
  register_::v1::RowMeta meta;
  builder.WriteTo(&meta);
  EXPECT_TRUE(meta.date_not_known() && meta.despite() && meta.inferred() && meta.corrected());
  ASSERT_EQ(meta.entries_size(), 2) << "the original and the correction";
  EXPECT_EQ(meta.entries(0), 3u);
  EXPECT_EQ(meta.entries(1), 9u);
}

}  // namespace
}  // namespace scrutiny::projections
