// ledger/store/no_journal.h
// RocksDB's own journal (the file LOG), not written.
//
// It would stand on the same disk as what it tells of, and once that disk is full RocksDB's writer
// aborts the program at the journal's second line: in the middle of serving, when closing, and when
// opening again. Whatever fails comes back as a status besides, and is said in our own log.
//
// Threads:  thread-safe, it does nothing.
// Tests:    tests/ledger/append/full_disk_test.cc
#ifndef SCRUTINY_LEDGER_STORE_NO_JOURNAL_H_
#define SCRUTINY_LEDGER_STORE_NO_JOURNAL_H_

#include <cstdarg>

#include "rocksdb/env.h"

namespace scrutiny::ledger {

class NoJournal final : public rocksdb::Logger {
 public:
  NoJournal() : Logger(rocksdb::InfoLogLevel::HEADER_LEVEL) {}
  using Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_STORE_NO_JOURNAL_H_
