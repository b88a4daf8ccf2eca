// tests/projections/support/open_registers.h
// The registers on a ledger in memory, in a folder of their own, level with it.
#ifndef SCRUTINY_TESTS_PROJECTIONS_SUPPORT_OPEN_REGISTERS_H_
#define SCRUTINY_TESTS_PROJECTIONS_SUPPORT_OPEN_REGISTERS_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ledger/base/status.h"
#include "projections/queries/register_store.h"
#include "tests/projections/support/memory_ledger.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::testing {

class OpenRegisters {
 public:
  explicit OpenRegisters(MemoryLedger& ledger) : ledger_(ledger) { Open(); }

  void Open() {
    projections::RegisterStoreOptions options;
    options.path = dir_.File("registers");
    options.on_event = [this](std::string event) {
      ledger::MutexLock lock(mutex_);
      events_.push_back(std::move(event));
    };
    auto opened = projections::RegisterStore::Open(ledger_, options);
    SCRUTINY_CHECK(opened.ok()) << opened.status().ToString();
    store_ = *std::move(opened);
    Level();
  }
  void Close() { store_.reset(); }

  // Waits until everything recorded has been folded.
  void Level() {
    if (ledger_.size().value() == 0) return;
    SCRUTINY_CHECK_OK(
        store_->WaitForPosition(ledger::Sequence(ledger_.size().value() - 1), 60'000'000));
  }

  projections::RegisterStore* operator->() { return store_.get(); }
  std::vector<std::string> events() const {
    ledger::MutexLock lock(mutex_);
    return events_;
  }
  // 1 June 2019, when nothing else is said.
  static projections::QueryContext Today() { return {*ledger::Day::Parse("2019-06-01"), nullptr}; }

 private:
  MemoryLedger& ledger_;
  TempDir dir_;
  mutable ledger::Mutex mutex_;
  std::vector<std::string> events_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<projections::RegisterStore> store_;
};

// A request from its text.
template <typename Request>
Request Ask(const std::string& text) {
  Request request;
  SCRUTINY_CHECK(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
  return request;
}

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_PROJECTIONS_SUPPORT_OPEN_REGISTERS_H_
