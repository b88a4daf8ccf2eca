#include "projections/engine/store.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "rocksdb/cache.h"
#include "rocksdb/db.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/slice_transform.h"
#include "rocksdb/table.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/format/big_endian.h"
#include "ledger/store/no_journal.h"
#include "projections/engine/rocks.h"

namespace scrutiny::projections {
namespace {

// Raised when keys or values change their form.
constexpr uint32_t kLayoutVersion = 2;
// What the default column family holds: layout, incarnation, ledger id.
constexpr char kIdentityKey[] = "ledger";
// Under which the default column family holds which table of a register is what.
constexpr char kRolesPrefix[] = "tables/";
// A column family is named `actions#3`: a register and a generation of its table.
constexpr char kGenerationMark = '#';

// What keys of one record share, everything through the first zero byte, has filters of its own: so
// that a record that is not there costs no read.
class RecordTransform final : public rocksdb::SliceTransform {
 public:
  const char* Name() const override { return "scrutiny.record"; }
  rocksdb::Slice Transform(const rocksdb::Slice& key) const override {
    return rocksdb::Slice(key.data(), ToView(key).find('\0') + 1);
  }
  bool InDomain(const rocksdb::Slice& key) const override {
    return ToView(key).find('\0') != absl::string_view::npos;
  }
};

std::string FamilyName(absl::string_view name, uint64_t generation) {
  return absl::StrCat(name, std::string(1, kGenerationMark), generation);
}

uint64_t GenerationOf(const std::shared_ptr<Table>& table) {
  return table == nullptr ? 0 : table->generation();
}

std::string RolesKey(absl::string_view name) { return absl::StrCat(kRolesPrefix, name); }

// Which generation is what; 0: none.
struct Roles {
  uint64_t serving = 0;
  uint64_t building = 0;
  uint64_t previous = 0;
  bool paused = false;
};

std::string Format(const Roles& roles) {
  std::string value;
  for (const uint64_t generation : {roles.serving, roles.building, roles.previous}) {
    ledger::AppendBigEndian(generation, &value);
  }
  value.push_back(roles.paused ? 1 : 0);
  return value;
}

bool ParseRoles(absl::string_view value, Roles* roles) {
  if (!ledger::TakeBigEndian(&value, &roles->serving) ||
      !ledger::TakeBigEndian(&value, &roles->building) ||
      !ledger::TakeBigEndian(&value, &roles->previous) || value.size() != 1) {
    return false;
  }
  roles->paused = value.front() != 0;
  return true;
}

std::string IdentityValue(const ledger::LedgerIdentity& identity) {
  std::string value;
  ledger::AppendBigEndian(kLayoutVersion, &value);
  ledger::AppendBigEndian(identity.incarnation, &value);
  value += identity.ledger_id;
  return value;
}

}  // namespace

struct Store::Options {
  rocksdb::Options db;
  rocksdb::ColumnFamilyOptions family;
};

Store::Store() : options_(std::make_unique<Options>()) {}

Store::~Store() {
  if (db_ == nullptr) return;
  for (auto& [name, generations] : found_) {
    for (auto& [generation, family] : generations) {
      const rocksdb::Status status = db_->DestroyColumnFamilyHandle(family);
      SCRUTINY_CHECK(status.ok()) << status.ToString();
    }
  }
  const rocksdb::Status status = db_->DestroyColumnFamilyHandle(default_family_);
  SCRUTINY_CHECK(status.ok()) << status.ToString();
}

absl::StatusOr<std::unique_ptr<Store>> Store::Open(const StoreOptions& options,
                                                   const ledger::LedgerIdentity& identity,
                                                   std::string* note) {
  note->clear();
  std::unique_ptr<Store> store(new Store());
  absl::Status opened = store->OpenDatabase(options);
  if (opened.ok()) opened = store->Claim(identity);
  if (opened.ok()) return store;

  // Whatever it is, it can be had again from the ledger; what cannot be thrown away is an error.
  *note = absl::StrCat("The registers are folded anew: ", opened.message());
  store.reset();
  SCRUTINY_RETURN_IF_ERROR(FromRocks(rocksdb::DestroyDB(options.path, rocksdb::Options()),
                                     "throwing away what was there"));
  store.reset(new Store());
  SCRUTINY_RETURN_IF_ERROR(store->OpenDatabase(options));
  SCRUTINY_RETURN_IF_ERROR(store->Claim(identity));
  return store;
}

absl::Status Store::OpenDatabase(const StoreOptions& options) {
  rocksdb::Options& db = options_->db;
  db.create_if_missing = true;
  db.db_write_buffer_size = options.write_buffer_bytes;
  db.max_background_jobs = 2;
  db.bytes_per_sync = 1 << 20;
  db.info_log = std::make_shared<ledger::NoJournal>();
  db.compression = rocksdb::kLZ4Compression;
  db.write_buffer_size = options.write_buffer_bytes / 2;
  db.target_file_size_base = 64 << 20;
  db.max_bytes_for_level_base = 512 << 20;
  db.level_compaction_dynamic_level_bytes = true;
  db.prefix_extractor = std::make_shared<RecordTransform>();
  db.memtable_prefix_bloom_size_ratio = 0.02;
  // Entries, rows and index of a batch each come in the order of records: where the last one of its
  // kind went in, the next one goes in cheaply.
  db.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(1));
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(options.cache_bytes);
  table.block_size = 16 << 10;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.whole_key_filtering = false;
  table.format_version = 5;
  db.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options_->family = rocksdb::ColumnFamilyOptions(db);

  std::vector<std::string> names;
  // Fails where there is no database yet; opening then makes one.
  rocksdb::DB::ListColumnFamilies(db, options.path, &names).PermitUncheckedError();
  if (names.empty()) names.push_back(rocksdb::kDefaultColumnFamilyName);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const std::string& name : names) families.emplace_back(name, options_->family);
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  SCRUTINY_RETURN_IF_ERROR(FromRocks(
      rocksdb::DB::Open(db, options.path, families, &handles, &opened), "opening the files"));
  db_.reset(opened);
  for (size_t i = 0; i < names.size(); ++i) {
    const size_t mark = names[i].rfind(kGenerationMark);
    uint64_t generation = 0;
    if (names[i] == rocksdb::kDefaultColumnFamilyName) {
      default_family_ = handles[i];
    } else if (mark == std::string::npos ||
               !absl::SimpleAtoi(names[i].substr(mark + 1), &generation)) {
      found_[names[i]][0] = handles[i];
    } else {
      found_[names[i].substr(0, mark)][generation] = handles[i];
    }
  }
  return absl::OkStatus();
}

absl::Status Store::Claim(const ledger::LedgerIdentity& identity) {
  const std::string wanted = IdentityValue(identity);
  std::string held;
  const rocksdb::Status read =
      db_->Get(rocksdb::ReadOptions(), default_family_, kIdentityKey, &held);
  if (read.ok() && held == wanted) return absl::OkStatus();
  if (read.ok()) {
    return ledger::Error(ledger::Reason::kLedgerChanged,
                         "They belong to another ledger, incarnation or layout.");
  }
  if (!read.IsNotFound()) return FromRocks(read, "reading whose registers they are");
  rocksdb::WriteOptions synced;
  synced.sync = true;
  return FromRocks(db_->Put(synced, default_family_, kIdentityKey, wanted),
                   "writing whose registers they are");
}

absl::StatusOr<RegisterTables> Store::TakeTables(absl::string_view name) {
  const std::string key(name);
  auto& generations = found_[key];
  {
    ledger::MutexLock lock(mutex_);
    newest_[key] = generations.empty() ? 0 : generations.rbegin()->first;
  }
  std::string value;
  const rocksdb::Status read =
      db_->Get(rocksdb::ReadOptions(), default_family_, RolesKey(name), &value);
  if (!read.ok() && !read.IsNotFound()) return FromRocks(read, "reading which table is what");
  const auto take = [&](uint64_t generation) -> std::shared_ptr<Table> {
    const auto found = generations.find(generation);
    if (found == generations.end()) return nullptr;
    auto table =
        std::make_shared<Table>(db_, found->second, FamilyName(name, generation), generation);
    generations.erase(found);
    return table;
  };
  RegisterTables tables;
  Roles roles;
  if (read.ok() && ParseRoles(value, &roles)) {
    tables.serving = take(roles.serving);
    tables.building = take(roles.building);
    tables.previous = take(roles.previous);
    tables.paused = roles.paused;
  }
  if (tables.serving != nullptr) return tables;
  const RegisterTables before = std::exchange(tables, RegisterTables());
  SCRUTINY_ASSIGN_OR_RETURN(tables.serving, NewTable(name));
  SCRUTINY_RETURN_IF_ERROR(Arrange(name, before, tables));
  return tables;
}

absl::StatusOr<std::shared_ptr<Table>> Store::NewTable(absl::string_view name) {
  uint64_t generation = 0;
  {
    ledger::MutexLock lock(mutex_);
    generation = ++newest_[std::string(name)];
  }
  const std::string family_name = FamilyName(name, generation);
  rocksdb::ColumnFamilyHandle* family = nullptr;
  SCRUTINY_RETURN_IF_ERROR(
      FromRocks(db_->CreateColumnFamily(options_->family, family_name, &family), "making a table"));
  return std::make_shared<Table>(db_, family, family_name, generation);
}

absl::Status Store::Arrange(absl::string_view name, const RegisterTables& before,
                            const RegisterTables& now) {
  const Roles roles = {GenerationOf(now.serving), GenerationOf(now.building),
                       GenerationOf(now.previous), now.paused};
  rocksdb::WriteOptions synced;
  synced.sync = true;
  SCRUTINY_RETURN_IF_ERROR(
      FromRocks(db_->Put(synced, default_family_, RolesKey(name), Format(roles)),
                "writing which table is what"));
  for (const auto& table : {before.serving, before.building, before.previous}) {
    if (table == nullptr || table == now.serving || table == now.building ||
        table == now.previous) {
      continue;
    }
    SCRUTINY_RETURN_IF_ERROR(
        FromRocks(db_->DropColumnFamily(table->family()), "dropping an old table"));
  }
  return absl::OkStatus();
}

absl::Status Store::DropUntaken() {
  for (auto& [name, generations] : found_) {
    for (auto it = generations.begin(); it != generations.end(); it = generations.erase(it)) {
      SCRUTINY_RETURN_IF_ERROR(
          FromRocks(db_->DropColumnFamily(it->second), "dropping a table no longer used"));
      const rocksdb::Status destroyed = db_->DestroyColumnFamilyHandle(it->second);
      SCRUTINY_CHECK(destroyed.ok()) << destroyed.ToString();
    }
  }
  found_.clear();
  return absl::OkStatus();
}

absl::Status Store::Flush(const std::vector<std::shared_ptr<Table>>& tables) {
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  for (const std::shared_ptr<Table>& table : tables) families.push_back(table->family());
  return FromRocks(db_->Flush(rocksdb::FlushOptions(), families), "writing rows to the files");
}

}  // namespace scrutiny::projections
