package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const proofHeader = "c2sp.org/tlog-proof@v1\n"

// checkProof verifies a tlog-proof file over an entry.
func checkProof(trust trust, file, entry []byte) (checkpoint, int64, error) {
	none := func(why string) (checkpoint, int64, error) {
		return checkpoint{}, 0, errors.New("the proof: " + why)
	}
	head, signed, found := bytes.Cut(file, []byte("\n\n"))
	if !found || !bytes.HasPrefix(head, []byte(proofHeader)) {
		return none("it is none")
	}
	lines := strings.Split(strings.TrimPrefix(string(head), proofHeader), "\n")
	if strings.HasPrefix(lines[0], "extra ") && len(lines) > 1 {
		lines = lines[1:]
	}
	number := strings.TrimPrefix(lines[0], "index ")
	index, err := strconv.ParseInt(number, 10, 64)
	if err != nil || "index "+strconv.FormatInt(index, 10) != lines[0] {
		return none("it has no index")
	}
	var path tlog.RecordProof
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil || hash.String() != line {
			return none("a line is no hash")
		}
		path = append(path, hash)
	}
	tree, err := openCheckpoint(trust, signed)
	if err != nil {
		return checkpoint{}, 0, err
	}
	if index < 0 || index >= tree.N {
		return none("its index is beyond the checkpoint")
	}
	return tree, index, tlog.CheckRecord(path, tree.N, tree.Hash, index, tlog.RecordHash(entry))
}

func checkProofFiles(trust trust, proofFile, entryFile string) error {
	file, err := os.ReadFile(proofFile)
	if err != nil {
		return err
	}
	entry, err := os.ReadFile(entryFile)
	if err != nil {
		return err
	}
	tree, index, err := checkProof(trust, file, entry)
	if err == nil {
		fmt.Printf("%s: entry %d of %d\n", tree.origin, index, tree.N)
	}
	return err
}

// checkChosen verifies every entry of an unpacked export of chosen records.
func checkChosen(trust trust, folder string) error {
	entries, err := filepath.Glob(filepath.Join(folder, "entries", "*.entry"))
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		return fmt.Errorf("%s holds no entries", folder)
	}
	for _, name := range entries {
		front := strings.TrimSuffix(name, ".entry")
		file, err := os.ReadFile(front + ".tlog-proof")
		if err != nil {
			return err
		}
		entry, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		_, index, err := checkProof(trust, file, entry)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if filepath.Base(front) != strconv.FormatInt(index, 10) {
			return fmt.Errorf("%s holds entry %d", name, index)
		}
	}
	fmt.Printf("%d chosen entries\n", len(entries))
	return nil
}
