#include "ledger/format/tar.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"

namespace scrutiny::ledger {
namespace {

// The fields of a ustar header that are not zero.
constexpr size_t kModeAt = 100;
constexpr size_t kUidAt = 108;
constexpr size_t kGidAt = 116;
constexpr size_t kSizeAt = 124;
constexpr size_t kSizeDigits = 11;
constexpr size_t kTimeAt = 136;
constexpr size_t kChecksumAt = 148;
constexpr size_t kChecksumBytes = 8;
constexpr size_t kTypeAt = 156;
constexpr size_t kMagicAt = 257;
constexpr size_t kDeviceMajorAt = 329;
constexpr size_t kDeviceMinorAt = 337;
// Two blocks of zeros.
constexpr size_t kEndBytes = 2 * kTarBlockBytes;

void Put(std::string* header, size_t at, absl::string_view text) {
  std::memcpy(&(*header)[at], text.data(), text.size());
}

bool AllZero(absl::string_view bytes) {
  return bytes.find_first_not_of('\0') == absl::string_view::npos;
}

absl::Status Broken(uint64_t offset, absl::string_view what) {
  return Error(Reason::kCorrupt,
               absl::StrCat("The tar file is damaged at byte ", offset, ": ", what, "."))
      .Value(absl::StrCat(offset))
      .Next("Get the file anew from where it came from; nothing in it may be relied on.");
}

// The first byte of a header that is not as it must be.
size_t FirstDifference(absl::string_view header, absl::string_view expected) {
  size_t at = 0;
  while (at < header.size() && header[at] == expected[at]) ++at;
  return at;
}

absl::StatusOr<TarMember> ParseHeader(absl::string_view header, uint64_t offset) {
  const size_t name_end = std::min(header.find('\0'), kTarNameBytesMax);
  TarMember member;
  member.name = std::string(header.substr(0, name_end));
  if (!ValidateTarName(member.name).ok()) {
    return Broken(offset, "no member of an export has a name such as stands here");
  }
  for (size_t i = 0; i < kSizeDigits; ++i) {
    const char digit = header[kSizeAt + i];
    if (digit < '0' || digit > '7') {
      return Broken(offset + kSizeAt + i,
                    absl::StrCat("the size of ", member.name, " is not written as it must be"));
    }
    member.size = member.size * 8 + static_cast<uint64_t>(digit - '0');
  }
  const std::string expected = TarHeader(member.name, member.size);
  const size_t wrong = FirstDifference(header, expected);
  if (wrong < kTarBlockBytes) {
    return Broken(offset + wrong,
                  absl::StrCat("the header of ", member.name, " is not as it must be"));
  }
  member.offset = offset + kTarBlockBytes;
  return member;
}

}  // namespace

absl::Status ValidateTarName(absl::string_view name) {
  const auto refuse = [&](absl::string_view why) -> absl::Status {
    return Error(Reason::kMalformed, absl::StrCat("A member of a tar file ", why, "."))
        .Value(name)
        .Next("Use segments of letters, digits, '.', '_' and '-', with slashes between them.");
  };
  if (name.empty()) return refuse("must have a name");
  if (name.size() > kTarNameBytesMax) {
    return refuse(absl::StrCat("has a name of at most ", kTarNameBytesMax, " bytes"));
  }
  for (const absl::string_view segment : absl::StrSplit(name, '/')) {
    if (segment.empty() || segment == "." || segment == "..") {
      return refuse("has a name without empty segments, '.' or '..'");
    }
    for (const char c : segment) {
      if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '_' && c != '-') {
        return refuse("has a name of letters, digits, '.', '_', '-' and '/' alone");
      }
    }
  }
  return absl::OkStatus();
}

std::string TarHeader(absl::string_view name, uint64_t size) {
  SCRUTINY_CHECK(name.size() <= kTarNameBytesMax && size <= kTarMemberBytesMax) << name;
  std::string header(kTarBlockBytes, '\0');
  Put(&header, 0, name);
  Put(&header, kModeAt, "0000644");
  Put(&header, kUidAt, "0000000");
  Put(&header, kGidAt, "0000000");
  Put(&header, kSizeAt, absl::StrFormat("%011o", size));
  Put(&header, kTimeAt, "00000000000");
  Put(&header, kTypeAt, "0");
  Put(&header, kMagicAt, absl::string_view("ustar\00000", 8));
  Put(&header, kDeviceMajorAt, "0000000");
  Put(&header, kDeviceMinorAt, "0000000");
  // The checksum counts its own field as spaces.
  uint32_t sum = kChecksumBytes * ' ';
  for (const char c : header) sum += static_cast<uint8_t>(c);
  Put(&header, kChecksumAt, absl::StrFormat("%06o", sum));
  header[kChecksumAt + kChecksumBytes - 1] = ' ';
  return header;
}

absl::Status TarWriter::Add(absl::string_view name, absl::string_view content) {
  SCRUTINY_RETURN_IF_ERROR(Begin(name, content.size()));
  SCRUTINY_RETURN_IF_ERROR(Write(content));
  return End();
}

absl::Status TarWriter::Begin(absl::string_view name, uint64_t size) {
  SCRUTINY_CHECK(!open_ && !finished_) << name;
  SCRUTINY_RETURN_IF_ERROR(ValidateTarName(name));
  if (size > kTarMemberBytesMax) {
    return Error(Reason::kOverLimit,
                 absl::StrCat("A member of a tar file has at most ", kTarMemberBytesMax, " bytes."))
        .Value(absl::StrCat(name, ": ", size))
        .Next("Write it in parts.");
  }
  open_ = true;
  left_ = size;
  padding_ = TarPaddingBytes(size);
  return sink_(TarHeader(name, size));
}

absl::Status TarWriter::Write(absl::string_view bytes) {
  SCRUTINY_CHECK(open_ && bytes.size() <= left_) << "more bytes than were announced";
  left_ -= bytes.size();
  return bytes.empty() ? absl::OkStatus() : sink_(bytes);
}

absl::Status TarWriter::End() {
  SCRUTINY_CHECK(open_ && left_ == 0) << left_ << " bytes were announced and not written";
  open_ = false;
  return padding_ == 0 ? absl::OkStatus() : sink_(std::string(padding_, '\0'));
}

absl::Status TarWriter::Finish() {
  SCRUTINY_CHECK(!open_ && !finished_);
  finished_ = true;
  return sink_(std::string(kEndBytes, '\0'));
}

absl::StatusOr<absl::optional<TarMember>> TarReader::Next() {
  if (!status_.ok()) return status_;
  if (ended_) return absl::optional<TarMember>();
  absl::StatusOr<absl::optional<TarMember>> next = Read();
  status_ = next.status();
  return next;
}

absl::StatusOr<absl::optional<TarMember>> TarReader::Read() {
  // The padding of the member before, and what follows it: a header, or the end and one byte more.
  SCRUTINY_ASSIGN_OR_RETURN(const std::string bytes, source_.ReadAt(at_, padding_ + kEndBytes + 1));
  absl::string_view rest = bytes;
  if (rest.size() < padding_ + kTarBlockBytes) {
    return Broken(at_ + rest.size(), last_.empty()
                                         ? "it is cut short before its first member"
                                         : absl::StrCat("it is cut short in or behind ", last_));
  }
  const absl::string_view padding = rest.substr(0, padding_);
  if (!AllZero(padding)) {
    return Broken(at_ + padding.find_first_not_of('\0'),
                  absl::StrCat("the padding behind ", last_, " is not zero"));
  }
  rest.remove_prefix(padding_);
  const uint64_t offset = at_ + padding_;
  if (AllZero(rest.substr(0, kTarBlockBytes))) {
    if (rest.size() != kEndBytes || !AllZero(rest)) {
      return Broken(offset, "it does not end with two blocks of zeros and nothing behind them");
    }
    ended_ = true;
    return absl::optional<TarMember>();
  }
  SCRUTINY_ASSIGN_OR_RETURN(TarMember member, ParseHeader(rest.substr(0, kTarBlockBytes), offset));
  at_ = member.offset + member.size;
  padding_ = TarPaddingBytes(member.size);
  last_ = member.name;
  return absl::optional<TarMember>(std::move(member));
}

}  // namespace scrutiny::ledger
