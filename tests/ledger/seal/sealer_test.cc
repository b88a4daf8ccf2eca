#include "ledger/seal/sealer.h"

#include <array>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/format/hash.h"
#include "ledger/seal/fragment.h"
#include "tests/ledger/seal/key_store_support.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Proposed;
using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::IsOk;
using ::scrutiny::testing::KeyStoreOnDisk;
using ::testing::HasSubstr;

constexpr char kDetail[] = "finding_recorded.personal_detail";
constexpr char kRestricted[] = "finding_recorded.restricted_detail";

Proposed Finding() {
  Proposed proposed;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"(
      record: "findings/icv/1" occurred { on: "2019-03-18" }
      finding_recorded {
        scheme: "schemes/icv" title: "Cell temperature" grade: FINDING_GRADE_CONCERN
        personal_detail: "A. B., cell 4" restricted_detail: "Camera 7 is blind" })",
                                                            &proposed));
  return proposed;
}

class SealerTest : public KeyStoreOnDisk {
 protected:
  void SetUp() override { SCRUTINY_ASSERT_OK(Reopen()); }

  std::vector<MadeSeal> Seal(const std::vector<SealWish>& wishes, Proposed* proposed) {
    absl::StatusOr<std::vector<MadeSeal>> made =
        SealParts(wishes, entry_id_, *store_, random_, proposed);
    EXPECT_THAT(made, IsOk());
    return made.ok() ? *std::move(made) : std::vector<MadeSeal>();
  }

  absl::Status SealError(const std::vector<SealWish>& wishes) {
    Proposed proposed = Finding();
    const absl::Status status = SealParts(wishes, entry_id_, *store_, random_, &proposed).status();
    EXPECT_EQ(proposed.SerializeAsString(), Finding().SerializeAsString()) << "left as it was";
    EXPECT_EQ(store_->stats().keys, 0u) << "no key is made for a refusal";
    return status;
  }

  absl::StatusOr<OpenedSeal> Open(uint8_t index, const MadeSeal& made) const {
    return OpenPart(*store_, entry_id_, index, made.seal, made.row);
  }

  std::array<uint8_t, 16> entry_id_ = {1, 2, 3, 4};
};

TEST_F(SealerTest, PartsAreSealedAndOpenedAgain) {
  Proposed proposed = Finding();
  const std::vector<MadeSeal> made =
      Seal({{kDetail, "persons/a"}, {kRestricted, "office"}}, &proposed);
  ASSERT_EQ(made.size(), 2u);
  EXPECT_FALSE(absl::StrContains(proposed.SerializeAsString(), "cell 4"));
  EXPECT_FALSE(absl::StrContains(proposed.SerializeAsString(), "Camera"));
  EXPECT_EQ(proposed.finding_recorded().title(), "Cell temperature");
  for (uint8_t i = 0; i < made.size(); ++i) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const OpenedSeal opened, Open(i, made[i]));
    SCRUTINY_EXPECT_OK(MergeFragment(made[i].seal.field_path(), opened.payload.view(), &proposed));
  }
  EXPECT_EQ(proposed.SerializeAsString(), Finding().SerializeAsString());
}

TEST_F(SealerTest, TheSealSaysWhatItsCiphertextIsAndNotForWhomItIs) {
  Proposed proposed = Finding();
  const MadeSeal made = Seal({{kDetail, "persons/a"}}, &proposed).at(0);
  EXPECT_EQ(made.seal.field_path(), kDetail);
  EXPECT_EQ(made.seal.seal_id().size(), 16u);
  EXPECT_EQ(made.seal.commitment().size(), 32u);
  EXPECT_EQ(made.seal.ciphertext_bytes(), made.row.sealed.size());
  EXPECT_EQ(made.seal.ciphertext_sha256(), AsBytes(Sha256Of(made.row.sealed)));
  EXPECT_FALSE(absl::StrContains(made.seal.SerializeAsString(), "persons/a"));
  EXPECT_EQ(made.row.subject, "persons/a");
  EXPECT_EQ(made.row.key_id, KeyFor("persons/a").id);
}

TEST_F(SealerTest, AWholeFactIsSealedAndOpenedAgain) {
  Proposed proposed = Finding();
  const MadeSeal made = Seal({{"", "persons/a"}}, &proposed).at(0);
  EXPECT_TRUE(proposed.has_sealed_fact());
  EXPECT_EQ(made.seal.field_path(), "");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const OpenedSeal opened, Open(0, made));
  SCRUTINY_EXPECT_OK(MergeFragment("", opened.payload.view(), &proposed));
  EXPECT_EQ(proposed.SerializeAsString(), Finding().SerializeAsString());
}

TEST_F(SealerTest, WithoutWishesNothingHappens) {
  Proposed proposed = Finding();
  EXPECT_TRUE(Seal({}, &proposed).empty());
  EXPECT_EQ(proposed.SerializeAsString(), Finding().SerializeAsString());
}

TEST_F(SealerTest, WishesThatCannotBeMetAreRefusedBeforeAnythingIsDone) {
  EXPECT_THAT(SealError({{"finding_recorded.nothing", "persons/a"}}),
              FailsWith(Reason::kMalformed));
  EXPECT_THAT(SealError({{kDetail, "persons/a"}, {kDetail, "persons/a"}}),
              FailsWith(Reason::kMalformed));
  const absl::Status for_nobody = SealError({{kDetail, "persons/a"}, {kRestricted, ""}});
  EXPECT_THAT(for_nobody, FailsWith(Reason::kMalformed));
  EXPECT_EQ(InfoOf(for_nobody).field, "seals[1].sealed_for");
  EXPECT_THAT(SealError({{kDetail, "forums/spab"}}), FailsWith(Reason::kMalformed));
  EXPECT_THAT(SealError({{kDetail, "persons"}}), FailsWith(Reason::kMalformed));
  EXPECT_THAT(SealError({{kDetail, "Persons/A"}}), FailsWith(Reason::kMalformed));
}

TEST_F(SealerTest, APartOpensInItsPlaceAlone) {
  Proposed proposed = Finding();
  const std::vector<MadeSeal> made =
      Seal({{kDetail, "persons/a"}, {kRestricted, "persons/a"}}, &proposed);
  EXPECT_THAT(Open(1, made[0]), FailsWith(Reason::kCorrupt));
  MadeSeal crossed = made[0];
  crossed.row = made[1].row;
  EXPECT_THAT(Open(0, crossed), FailsWith(Reason::kCorrupt));
  crossed = made[0];
  crossed.row.sealed = made[1].row.sealed;
  EXPECT_THAT(Open(0, crossed), FailsWith(Reason::kCorrupt));
  crossed = made[0];
  crossed.row.wrapped_key = made[1].row.wrapped_key;
  EXPECT_THAT(Open(0, crossed), FailsWith(Reason::kCorrupt));
  const std::array<uint8_t, 16> other_entry = {9};
  EXPECT_THAT(OpenPart(*store_, other_entry, 0, made[0].seal, made[0].row),
              FailsWith(Reason::kCorrupt));
  const std::array<uint8_t, 15> short_id = {};
  EXPECT_THAT(OpenPart(*store_, short_id, 0, made[0].seal, made[0].row),
              FailsWith(Reason::kCorrupt));
}

TEST_F(SealerTest, AfterAnErasureNothingOfTheSubjectOpensAndTheRestDoes) {
  Proposed proposed = Finding();
  const std::vector<MadeSeal> made =
      Seal({{kDetail, "persons/a"}, {kRestricted, "office"}}, &proposed);
  SCRUTINY_ASSERT_OK(store_->BeginErasure(Request("persons/a")));
  EXPECT_THAT(Open(0, made[0]), FailsWith(Reason::kNotFound));
  EXPECT_TRUE(store_->IsErased(made[0].row.key_id));
  SCRUTINY_EXPECT_OK(Open(1, made[1]));
  // Sealing for the same person begins anew, under another key.
  Proposed later = Finding();
  const MadeSeal again = Seal({{kDetail, "persons/a"}}, &later).at(0);
  EXPECT_NE(again.row.key_id, made[0].row.key_id);
  SCRUTINY_EXPECT_OK(Open(0, again));
  EXPECT_THAT(Open(0, made[0]), FailsWith(Reason::kNotFound));
}

// --- The row.

SealRow Row() {
  SealRow row;
  row.key_id.fill(0xaa);
  row.subject = "persons/a";
  row.wrapped_key = std::string(kWrappedKeyBytes, 'w');
  row.sealed = "sealed bytes";
  return row;
}

TEST(SealRowTest, WhatIsWrittenIsRead) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealRow read, ParseSealRow(EncodeSealRow(Row())));
  EXPECT_EQ(read, Row());
  SealRow longest = Row();
  longest.subject = std::string(kRecordNameBytesMax, 'p');
  longest.sealed.clear();
  EXPECT_EQ(EncodeSealRow(longest).size(), kSealRowOverheadMax);
  SCRUTINY_EXPECT_OK(ParseSealRow(EncodeSealRow(longest)));
}

// Version 1, to the byte: README.md explains it.
TEST(SealRowTest, TheBytesAreThoseOfTheFormat) {
  const std::string bytes = EncodeSealRow(Row());
  const std::string head = std::string("\1", 1) + std::string(16, '\xaa') + std::string(60, 'w') +
                           std::string("\0\11persons/a", 11);
  EXPECT_EQ(bytes, absl::StrCat(head, AsBytes(Sha256Of(head)).substr(0, 8), "sealed bytes"));
}

TEST(SealRowTest, EveryFlippedBitBeforeTheCiphertextIsNoticed) {
  const std::string bytes = EncodeSealRow(Row());
  const size_t head = bytes.size() - Row().sealed.size();
  for (size_t bit = 0; bit < head * 8; ++bit) {
    std::string altered = bytes;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << bit % 8));
    EXPECT_THAT(ParseSealRow(altered), FailsWith(Reason::kCorrupt)) << bit;
  }
  for (size_t size = 0; size < head; ++size) {
    EXPECT_THAT(ParseSealRow(bytes.substr(0, size)), FailsWith(Reason::kCorrupt));
  }
}

}  // namespace
}  // namespace scrutiny::ledger
