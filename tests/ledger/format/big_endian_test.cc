#include "ledger/format/big_endian.h"

#include <string>

#include "gtest/gtest.h"

namespace scrutiny::ledger {
namespace {

TEST(BigEndianTest, TheMostSignificantByteComesFirst) {
  std::string out;
  AppendBigEndian<uint8_t>(0x01, &out);
  AppendBigEndian<uint16_t>(0x0203, &out);
  AppendBigEndian<uint32_t>(0x04050607, &out);
  AppendBigEndian<uint64_t>(0x08090a0b0c0d0e0f, &out);
  EXPECT_EQ(out, "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f");
}

TEST(BigEndianTest, WhatWasWrittenIsReadBack) {
  for (const uint64_t value : {uint64_t{0}, uint64_t{255}, uint64_t{1} << 40, ~uint64_t{0}}) {
    std::string out;
    AppendBigEndian(value, &out);
    EXPECT_EQ(LoadBigEndian<uint64_t>(out.data()), value);
  }
}

TEST(BigEndianTest, TakingStopsWhereBytesEnd) {
  const std::string bytes("\x00\x00\x00\x05\x01", 5);
  absl::string_view rest = bytes;
  uint32_t value = 0;
  ASSERT_TRUE(TakeBigEndian(&rest, &value));
  EXPECT_EQ(value, 5u);
  EXPECT_FALSE(TakeBigEndian(&rest, &value));
  EXPECT_EQ(rest.size(), 1u);
}

}  // namespace
}  // namespace scrutiny::ledger
