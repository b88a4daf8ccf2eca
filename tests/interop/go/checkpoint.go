package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// checkpoint is what a log signs. tlog.ParseTree reads only those of Go's checksum database.
type checkpoint struct {
	tlog.Tree
	origin string
}

func parseCheckpoint(text string) (checkpoint, error) {
	var parsed checkpoint
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] == "" {
		return parsed, errors.New("a checkpoint of ours has three lines")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return parsed, fmt.Errorf("%q is no size", lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil || root.String() != lines[2] {
		return parsed, fmt.Errorf("%q is no hash", lines[2])
	}
	return checkpoint{tlog.Tree{N: size, Hash: root}, lines[0]}, nil
}

// openCheckpoint verifies a signed checkpoint.
func openCheckpoint(trust trust, signed []byte) (checkpoint, error) {
	known := append(append([]note.Verifier{}, trust.logKeys...), trust.cosigners...)
	opened, err := note.Open(signed, note.VerifierList(known...))
	if err != nil {
		return checkpoint{}, fmt.Errorf("the checkpoint: %w", err)
	}
	parsed, err := parseCheckpoint(opened.Text)
	if err != nil {
		return checkpoint{}, err
	}
	if !signedByOne(opened, trust.logKeys) || trust.logKeys[0].Name() != parsed.origin {
		return checkpoint{}, errors.New("the log itself has not signed the checkpoint")
	}
	for _, cosigner := range trust.cosigners {
		if !signedByOne(opened, []note.Verifier{cosigner}) {
			return checkpoint{}, fmt.Errorf("%s has not cosigned the checkpoint", cosigner.Name())
		}
	}
	return parsed, nil
}

func signedByOne(opened *note.Note, keys []note.Verifier) bool {
	for _, signature := range opened.Sigs {
		for _, key := range keys {
			if signature.Name == key.Name() && signature.Hash == key.KeyHash() {
				return true
			}
		}
	}
	return false
}

func readKeys(file string) ([]note.Verifier, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var keys []note.Verifier
	for _, line := range strings.Fields(string(text)) {
		key, err := note.NewVerifier(line)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("%s holds no key", file)
	}
	return keys, nil
}

// cosigner verifies cosignature/v1, the key type 04, which sumdb/note does not know.
type cosigner struct {
	name string
	id   uint32
	key  ed25519.PublicKey
}

const (
	cosignatureType = 4
	timeBytes       = 8
)

func readCosigner(file string) (note.Verifier, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	parts := strings.SplitN(strings.TrimSpace(string(text)), "+", 3)
	if len(parts) != 3 {
		return nil, fmt.Errorf("%s holds no verifier key", file)
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != cosignatureType {
		return nil, fmt.Errorf("%s holds no key of type 04", file)
	}
	id := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	if hex.EncodeToString(id[:4]) != parts[1] {
		return nil, fmt.Errorf("%s holds a key with another's id", file)
	}
	return &cosigner{parts[0], binary.BigEndian.Uint32(id[:4]), key[1:]}, nil
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.id }
func (c *cosigner) Verify(text, signature []byte) bool {
	if len(signature) != timeBytes+ed25519.SignatureSize {
		return false
	}
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s",
		binary.BigEndian.Uint64(signature[:timeBytes]), text)
	return ed25519.Verify(c.key, []byte(message), signature[timeBytes:])
}
