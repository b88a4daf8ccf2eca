#include "tests/fuzz/mutator.h"

#include <algorithm>
#include <cctype>

#include "absl/strings/string_view.h"

#include "ledger/base/status.h"

namespace scrutiny::fuzz {
namespace {

constexpr size_t kChangesMax = 4;
constexpr size_t kInsertedMax = 16;
constexpr size_t kInputBytesMax = 256 * 1024;

// Bytes that mean something in more than one of the formats.
constexpr absl::string_view kTelling("\0\x01\x0a\x7f\x80\xff\n\r +/-=.,:;\"'0129azAZ%x{}[]", 34);

// Values at which lengths and counts go wrong.
constexpr uint64_t kNumbers[] = {0,
                                 1,
                                 31,
                                 32,
                                 33,
                                 63,
                                 64,
                                 65,
                                 127,
                                 128,
                                 255,
                                 256,
                                 257,
                                 65535,
                                 65536,
                                 0x7fffffff,
                                 0x80000000,
                                 0xffffffff,
                                 0x7fffffffffffffff,
                                 0x8000000000000000,
                                 0xffffffffffffffff};

}  // namespace

Mutator::Mutator(const std::vector<std::string>& corpus, uint64_t seed)
    : corpus_(corpus), random_(seed) {
  SCRUTINY_CHECK(!corpus.empty()) << "there is nothing to begin with";
}

std::string Mutator::Next() {
  std::string input = corpus_[Below(corpus_.size())];
  for (size_t changes = 1 + Below(kChangesMax); changes > 0; --changes) Change(&input);
  if (input.size() > kInputBytesMax) input.resize(kInputBytesMax);
  return input;
}

size_t Mutator::Below(size_t bound) { return static_cast<size_t>(random_() % bound); }

void Mutator::Change(std::string* input) {
  if (input->empty()) return Insert(input);
  switch (Below(9)) {
    case 0:
      (*input)[Below(input->size())] ^= static_cast<char>(1 << Below(8));
      return;
    case 1:
      return ChangeByte(input);
    case 2:
      return ChangeNumber(input);
    case 3:
      return ChangeDigits(input);
    case 4:
      return Insert(input);
    case 5:
      return Erase(input);
    case 6:
      return CopyWithin(input);
    case 7:
      return Splice(input);
    default:
      input->resize(Below(input->size() + 1));
  }
}

void Mutator::ChangeByte(std::string* input) {
  char& byte = (*input)[Below(input->size())];
  byte = Below(2) == 0 ? kTelling[Below(kTelling.size())] : static_cast<char>(random_());
}

// A number of 1, 2, 4 or 8 bytes, big-endian.
void Mutator::ChangeNumber(std::string* input) {
  const size_t bytes = size_t{1} << Below(4);
  if (input->size() < bytes) return;
  const size_t at = Below(input->size() - bytes + 1);
  uint64_t value = kNumbers[Below(std::size(kNumbers))];
  for (size_t i = bytes; i-- > 0; value >>= 8) (*input)[at + i] = static_cast<char>(value);
}

// A number in decimal, if one stands behind the place.
void Mutator::ChangeDigits(std::string* input) {
  const auto is_digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  const auto begin = std::find_if(input->begin() + static_cast<long>(Below(input->size())),
                                  input->end(), is_digit);
  const auto end = std::find_if_not(begin, input->end(), is_digit);
  if (begin == end) return;
  input->replace(begin, end, std::to_string(kNumbers[Below(std::size(kNumbers))]));
}

void Mutator::Insert(std::string* input) {
  const size_t count = 1 + Below(kInsertedMax);
  const bool same = Below(2) == 0;
  const char byte = kTelling[Below(kTelling.size())];
  std::string inserted;
  for (size_t i = 0; i < count; ++i) {
    inserted.push_back(same ? byte : static_cast<char>(random_()));
  }
  input->insert(Below(input->size() + 1), inserted);
}

void Mutator::Erase(std::string* input) {
  const size_t at = Below(input->size());
  input->erase(at, 1 + Below(std::min(input->size() - at, 2 * kInsertedMax)));
}

void Mutator::CopyWithin(std::string* input) {
  const size_t from = Below(input->size());
  const std::string copy = input->substr(from, 1 + Below(input->size() - from));
  const size_t to = Below(input->size() + 1);
  if (Below(2) == 0) {
    input->insert(to, copy);
  } else {
    input->replace(to, copy.size(), copy);
  }
}

// The front of this one and the end of another.
void Mutator::Splice(std::string* input) {
  const std::string& other = corpus_[Below(corpus_.size())];
  input->resize(Below(input->size() + 1));
  input->append(other, Below(other.size() + 1));
}

}  // namespace scrutiny::fuzz
