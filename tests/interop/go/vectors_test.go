package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// The published vectors, so that this verifier is right before it judges anything.

func write(t *testing.T, text string) string {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

const (
	mirrorKey  = "mirror.example.org+3fb148ef+BAAjjch9GyYz0sJsJx7ALhbdAtz2ov0unbzSl1vMp94O\n"
	mirrorText = "rome2026h1.example.org\n300\ngw31yQrqZZCcEOPrzX+bpy3nJ6QgngTKn8G1m0i62uU=\n"
	mirrorLine = "— mirror.example.org P7FI7wAAAABpVGeAjA1S4pJm6MbcXjX7UUImu4azZtrfcVW2uyr/LXIYlwEJ" +
		"zXC0N0EiZkbqfLdXt/4gVEEuGmxJjAfXKMCISpsJAg==\n"
	logKey  = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx\n"
	logText = "example.com/log/testdata\n5\ngy5gl3aksFyiCO95a/1vLXz88A3dRq+0l9Sxte8ZqZQ=\n"
	logLine = "— example.com/log/testdata M9e0lmn5eDHyHP10zJObZdFAX2y1V8fdDKBi4IiHbDYf1TCUBwxZOhqw" +
		"v2QZCqrdda2zTRTrmnwjwscN5RBTEmZUYAs=\n"
)

func TestCosignatureVerifies(t *testing.T) {
	key, err := readCosigner(write(t, mirrorKey))
	if err != nil {
		t.Fatal(err)
	}
	known := note.VerifierList(key)
	if _, err := note.Open([]byte(mirrorText+"\n"+mirrorLine), known); err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(mirrorText, "300", "301", 1)
	if _, err := note.Open([]byte(changed+"\n"+mirrorLine), known); err == nil {
		t.Fatal("a cosignature of another text verifies")
	}
}

func TestCheckpointNeedsTheLogsSignature(t *testing.T) {
	keys, err := readKeys(write(t, logKey))
	if err != nil {
		t.Fatal(err)
	}
	opened, err := openCheckpoint(trust{logKeys: keys}, []byte(logText+"\n"+logLine))
	if err != nil || opened.N != 5 || opened.origin != "example.com/log/testdata" {
		t.Fatalf("%v, %v", opened, err)
	}
	if _, err := openCheckpoint(trust{logKeys: keys}, []byte(mirrorText+"\n"+mirrorLine)); err == nil {
		t.Fatal("another log's checkpoint opens")
	}
}

func TestPathsAreThoseOfTlogTiles(t *testing.T) {
	for path, tile := range map[string]tlog.Tile{
		"tile/0/x001/x234/067":  {H: tileHeight, L: 0, N: 1234067, W: tileWidth},
		"tile/1/001.p/17":       {H: tileHeight, L: 1, N: 1, W: 17},
		"tile/entries/000.p/3":  {H: tileHeight, L: -1, N: 0, W: 3},
		"tile/entries/x001/000": {H: tileHeight, L: -1, N: 1000, W: tileWidth},
	} {
		if got := pathOf(tile); got != path {
			t.Errorf("%v is at %s, not at %s", tile, got, path)
		}
	}
}
