#include "services/http/address.h"

#include <string>

#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::services {
namespace {

using ::scrutiny::ledger::Reason;
using ::scrutiny::testing::FailsWith;

TEST(AddressTest, HostAndPortAreRead) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const ListenAddress v4, ParseListenAddress("127.0.0.1:80", true));
  EXPECT_EQ(v4.host, "127.0.0.1");
  EXPECT_EQ(v4.port, 80);
  EXPECT_EQ(v4.ToString(), "127.0.0.1:80");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const ListenAddress v6, ParseListenAddress("[::1]:65535", true));
  EXPECT_EQ(v6.host, "::1");
  EXPECT_EQ(v6.ToString(), "[::1]:65535");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const ListenAddress name, ParseListenAddress("localhost:0", true));
  EXPECT_EQ(name.ToString(), "127.0.0.1:0");
}

TEST(AddressTest, WhatIsNoAddressIsRefused) {
  for (const char* const text : {"",
                                 ":",
                                 "80",
                                 ":80",
                                 "127.0.0.1",
                                 "127.0.0.1:",
                                 "127.0.0.1:a",
                                 "127.0.0.1:-1",
                                 "127.0.0.1:+1",
                                 "127.0.0.1: 1",
                                 "127.0.0.1:65536",
                                 "127.0.0.1:000080",
                                 "example.com:80",
                                 "::1:80",
                                 "[::1]",
                                 "[::1:80",
                                 "[127.0.0.1]:80",
                                 "[localhost]x:80",
                                 "127.1.1.1.1:80",
                                 "127.0.0.1:80/"}) {
    EXPECT_THAT(ParseListenAddress(text, true), FailsWith(Reason::kMalformed)) << text;
    EXPECT_THAT(ParseListenAddress(text, false), FailsWith(Reason::kMalformed)) << text;
  }
}

TEST(AddressTest, OthersReachOnlyWhatIsMeantForThem) {
  for (const char* const text : {"0.0.0.0:1", "[::]:1", "192.168.1.1:1", "[2001:db8::1]:1"}) {
    EXPECT_THAT(ParseListenAddress(text, true), FailsWith(Reason::kMalformed)) << text;
    SCRUTINY_EXPECT_OK(ParseListenAddress(text, false));
  }
  SCRUTINY_EXPECT_OK(ParseListenAddress("127.8.9.10:1", true));
}

TEST(AddressTest, ThisMachineIsToldByTheHostsForm) {
  for (const char* const host :
       {"localhost", "LocalHost", "127.0.0.1", "127.1.2.3", "::1", "[::1]"}) {
    EXPECT_TRUE(IsLoopbackHost(host)) << host;
  }
  for (const char* const host : {"", "example.com", "localhost.example.com", "128.0.0.1", "::2"}) {
    EXPECT_FALSE(IsLoopbackHost(host)) << host;
  }
}

}  // namespace
}  // namespace scrutiny::services
