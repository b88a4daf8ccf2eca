package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand"
	"os"

	"golang.org/x/mod/sumdb/tlog"
)

// checkLog verifies everything there is of a log: every entry and every tile against the signed
// root, entries by their own proofs, and that it continues the older checkpoints.
func checkLog(trust trust, log source, old []string, sample int64) error {
	signed, err := log.read("checkpoint")
	if err != nil {
		return err
	}
	newest, err := openCheckpoint(trust, signed)
	if err != nil {
		return err
	}
	hashes, stored, err := hashEntries(log, newest.N)
	if err != nil {
		return err
	}
	root, err := tlog.TreeHash(newest.N, stored)
	if err != nil {
		return err
	}
	if root != newest.Hash {
		return fmt.Errorf("the entries have the root %v, and the signed one is %v", root, newest.Hash)
	}
	tileCount, err := checkTiles(log, newest.N, stored)
	if err != nil {
		return err
	}
	if _, served := log.(*httpSource); served {
		if err := checkFronts(log, newest.N); err != nil {
			return err
		}
	}
	reader := tlog.TileHashReader(newest.Tree, tiles{log})
	proven, err := checkInclusion(newest.Tree, reader, hashes, sample)
	if err != nil {
		return err
	}
	for _, file := range old {
		if err := checkContinues(trust, newest, reader, file); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	fmt.Printf("%s: %d entries, %d tiles, %d inclusions, %d older checkpoints\n",
		newest.origin, newest.N, tileCount, proven, len(old))
	return nil
}

// storedHashes are all hashes of the tree in tlog's own order.
type storedHashes []tlog.Hash

func (stored storedHashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var read []tlog.Hash
	for _, index := range indexes {
		if index >= int64(len(stored)) {
			return nil, fmt.Errorf("there is no hash %d", index)
		}
		read = append(read, stored[index])
	}
	return read, nil
}

// hashEntries makes the tree anew from the bundles of entries.
func hashEntries(log source, size int64) ([]tlog.Hash, storedHashes, error) {
	var hashes []tlog.Hash
	var stored storedHashes
	for first := int64(0); first < size; first += tileWidth {
		tile := tlog.Tile{H: tileHeight, L: -1, N: first / tileWidth, W: tileWidth}
		if size-first < tileWidth {
			tile.W = int(size - first)
		}
		bundle, err := log.read(pathOf(tile))
		if err != nil {
			return nil, nil, err
		}
		entries, err := splitBundle(bundle)
		if err != nil || len(entries) != tile.W {
			return nil, nil, fmt.Errorf("%s holds %d entries and not %d: %v", pathOf(tile),
				len(entries), tile.W, err)
		}
		for _, entry := range entries {
			hash := tlog.RecordHash(entry)
			more, err := tlog.StoredHashesForRecordHash(int64(len(hashes)), hash, stored)
			if err != nil {
				return nil, nil, err
			}
			hashes = append(hashes, hash)
			stored = append(stored, more...)
		}
	}
	return hashes, stored, nil
}

func splitBundle(bundle []byte) ([][]byte, error) {
	var entries [][]byte
	for len(bundle) > 0 {
		if len(bundle) < 2 {
			return nil, errors.New("a length is cut short")
		}
		length := 2 + int(binary.BigEndian.Uint16(bundle))
		if len(bundle) < length {
			return nil, errors.New("an entry is cut short")
		}
		entries = append(entries, bundle[2:length])
		bundle = bundle[length:]
	}
	return entries, nil
}

// tilesOf lists the tiles of a tree. tlog.NewTiles of this version adds every width there was on the
// way, which a server has too and an export has not.
func tilesOf(size int64) []tlog.Tile {
	var all []tlog.Tile
	for level := 0; size > 0; level, size = level+1, size/tileWidth {
		for n := int64(0); n < size/tileWidth; n++ {
			all = append(all, tlog.Tile{H: tileHeight, L: level, N: n, W: tileWidth})
		}
		if partial := int(size % tileWidth); partial > 0 {
			all = append(all, tlog.Tile{H: tileHeight, L: level, N: size / tileWidth, W: partial})
		}
	}
	return all
}

// checkTiles compares each tile with the one that follows from the entries.
func checkTiles(log source, size int64, stored storedHashes) (int, error) {
	all := tilesOf(size)
	for _, tile := range all {
		expected, err := tlog.ReadTileData(tile, stored)
		if err != nil {
			return 0, err
		}
		data, err := log.read(pathOf(tile))
		if err != nil {
			return 0, err
		}
		if !bytes.Equal(data, expected) {
			return 0, fmt.Errorf("%s is not the tile that follows from the entries", pathOf(tile))
		}
	}
	return len(all), nil
}

// checkFronts asks for tiles and bundles in fewer than their entries: whoever knows an older
// checkpoint does, long after they have filled.
func checkFronts(log source, size int64) error {
	width := tileWidth
	if size < tileWidth {
		width = int(size)
	}
	for _, level := range []int{0, -1} {
		whole, err := log.read(pathOf(tlog.Tile{H: tileHeight, L: level, N: 0, W: width}))
		if err != nil {
			return err
		}
		for _, w := range []int{1, 17, 200, 255} {
			tile := tlog.Tile{H: tileHeight, L: level, N: 0, W: w}
			front, err := log.read(pathOf(tile))
			if w > width {
				if err == nil {
					return fmt.Errorf("%s is beyond the checkpoint", pathOf(tile))
				}
				continue
			}
			if err != nil {
				return err
			}
			if !bytes.HasPrefix(whole, front) || w < width && len(front) >= len(whole) {
				return fmt.Errorf("%s is not the front of the whole", pathOf(tile))
			}
		}
	}
	return nil
}

// checkInclusion proves entries one by one, from tiles that the signed root vouches for.
func checkInclusion(tree tlog.Tree, reader tlog.HashReader, hashes []tlog.Hash,
	sample int64) (int64, error) {
	indexes := make([]int64, 0, tree.N)
	for i := int64(0); i < tree.N; i++ {
		indexes = append(indexes, i)
	}
	if sample > 0 && sample < tree.N {
		rand.Shuffle(len(indexes), func(i, j int) { indexes[i], indexes[j] = indexes[j], indexes[i] })
		// The last entry, whose proof is the odd one, always.
		indexes = append(indexes[:sample-1], tree.N-1)
	}
	for _, i := range indexes {
		proof, err := tlog.ProveRecord(tree.N, i, reader)
		if err != nil {
			return 0, err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, i, hashes[i]); err != nil {
			return 0, fmt.Errorf("entry %d: %w", i, err)
		}
	}
	return int64(len(indexes)), nil
}

func checkContinues(trust trust, newest checkpoint, reader tlog.HashReader, file string) error {
	signed, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	// It was kept before anybody had cosigned it.
	trust.cosigners = nil
	older, err := openCheckpoint(trust, signed)
	if err != nil {
		return err
	}
	if older.origin != newest.origin || older.N > newest.N {
		return fmt.Errorf("%d entries of %s are no front of this log", older.N, older.origin)
	}
	if older.N == 0 {
		return nil
	}
	proof, err := tlog.ProveTree(newest.N, older.N, reader)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, newest.N, newest.Hash, older.N, older.Hash)
}
