package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
	bytesMax   = 32 << 20
)

// source is where a log's files are.
type source interface {
	read(path string) ([]byte, error)
}

func openLog(where string) source {
	if strings.HasPrefix(where, "http://") || strings.HasPrefix(where, "https://") {
		return &httpSource{where, &http.Client{Timeout: 30 * time.Second}}
	}
	return folderSource(where)
}

type folderSource string

func (folder folderSource) read(path string) ([]byte, error) {
	return os.ReadFile(filepath.Join(string(folder), path))
}

type httpSource struct {
	address string
	client  *http.Client
}

// read holds the headers to what the layout says too: anybody may keep a tile for ever, and nobody
// a checkpoint.
func (log *httpSource) read(path string) ([]byte, error) {
	response, err := log.client.Get(log.address + "/" + path)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", path, response.Status)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, bytesMax))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	kind, cached := "application/octet-stream", true
	if path == "checkpoint" {
		kind, cached = "text/plain; charset=utf-8", false
	}
	if response.Header.Get("Content-Type") != kind {
		return nil, fmt.Errorf("%s is of type %q", path, response.Header.Get("Content-Type"))
	}
	if strings.Contains(response.Header.Get("Cache-Control"), "immutable") != cached {
		return nil, fmt.Errorf("%s: Cache-Control is %q", path, response.Header.Get("Cache-Control"))
	}
	if response.Header.Get("Access-Control-Allow-Origin") != "*" {
		return nil, fmt.Errorf("%s is not for every origin", path)
	}
	return body, nil
}

// pathOf is a tile's path as tlog-tiles has it: without the height, and `entries` for `data`.
func pathOf(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight))
	if rest := strings.TrimPrefix(path, "data/"); rest != path {
		path = "entries/" + rest
	}
	return "tile/" + path
}

// tiles reads the log's tiles for tlog.TileHashReader, which verifies what it is given.
type tiles struct{ log source }

func (t tiles) Height() int { return tileHeight }

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		data, err := t.log.read(pathOf(tile))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}
