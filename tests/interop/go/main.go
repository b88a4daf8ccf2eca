// Verifies a log of ours with none of our code: hashes, proofs and tiles by golang.org/x/mod's
// sumdb/tlog, notes by its sumdb/note, cosignatures by crypto/ed25519.
//
//	verify_log -vkey FILE [-cosigner FILE] [-old FILE]... [-sample N] LOG
//	verify_log -vkey FILE [-cosigner FILE] -proof FILE -entry FILE
//	verify_log -vkey FILE -chosen FOLDER
//
// LOG is an address that ends in /log, or a folder with a log's files. Without -sample every entry
// is proven by itself too. It ends with 0 if everything verifies, with 1 if anything does not.
package main

import (
	"flag"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"
)

type fileList []string

func (list *fileList) String() string { return fmt.Sprint(*list) }
func (list *fileList) Set(name string) error {
	*list = append(*list, name)
	return nil
}

func main() {
	var old, cosigners fileList
	vkey := flag.String("vkey", "", "file with the log's verifier keys, one a line")
	flag.Var(&cosigners, "cosigner", "file with a witness's verifier key; it must have cosigned")
	flag.Var(&old, "old", "file with an older checkpoint, which the log must continue")
	sample := flag.Int64("sample", 0, "how many entries to prove by themselves; 0: all")
	proof := flag.String("proof", "", "a tlog-proof file")
	entry := flag.String("entry", "", "the entry it proves")
	chosen := flag.String("chosen", "", "folder of an unpacked export of chosen records")
	flag.Parse()

	if err := run(*vkey, cosigners, old, *sample, *proof, *entry, *chosen, flag.Args()); err != nil {
		fmt.Fprintf(os.Stderr, "verify_log: %v\n", err)
		os.Exit(1)
	}
}

func run(vkey string, cosigners, old fileList, sample int64, proof, entry, chosen string,
	logs []string) error {
	keys, err := readKeys(vkey)
	if err != nil {
		return err
	}
	trust := trust{logKeys: keys}
	for _, file := range cosigners {
		cosigner, err := readCosigner(file)
		if err != nil {
			return err
		}
		trust.cosigners = append(trust.cosigners, cosigner)
	}
	switch {
	case proof != "":
		return checkProofFiles(trust, proof, entry)
	case chosen != "":
		return checkChosen(trust, chosen)
	case len(logs) == 1:
		return checkLog(trust, openLog(logs[0]), old, sample)
	}
	return fmt.Errorf("which log? verify_log -vkey FILE LOG")
}

// trust is whom to believe; nothing is taken from the log itself.
type trust struct {
	logKeys   []note.Verifier // any one of them suffices
	cosigners []note.Verifier // all of them must have cosigned
}
