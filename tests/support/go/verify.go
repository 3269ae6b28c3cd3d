// Verifies a log with the packages of Go's checksum database, which nobody here wrote.
//
//	verify VKEY URL|DIRECTORY [TOKEN]
//
// Every hash is recomputed from the entries; no tile is believed.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	if len(os.Args) < 3 {
		fail(errors.New("usage: verify VKEY URL|DIRECTORY [TOKEN]"))
	}
	size, err := verify(os.Args[1], reader(os.Args[2], append(os.Args, "")[3]))
	if err != nil {
		fail(err)
	}
	fmt.Printf("all good: %d entries\n", size)
}

func fail(err error) {
	fmt.Println(err)
	os.Exit(1)
}

type fetch func(path string) ([]byte, error)

func reader(place, token string) fetch {
	if !strings.HasPrefix(place, "http:") {
		return func(path string) ([]byte, error) {
			return os.ReadFile(filepath.Join(place, filepath.FromSlash(path)))
		}
	}
	return func(path string) ([]byte, error) {
		request, err := http.NewRequest("GET", place+"/"+path, nil)
		if err != nil {
			return nil, err
		}
		if token != "" {
			request.Header.Set("Authorization", "Bearer "+token)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return nil, err
		}
		defer response.Body.Close()
		if response.StatusCode != 200 {
			return nil, fmt.Errorf("%s: status %d", path, response.StatusCode)
		}
		return io.ReadAll(response.Body)
	}
}

func verify(vkey string, get fetch) (int64, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return 0, err
	}
	signed, err := get("checkpoint")
	if err != nil {
		return 0, err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return 0, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return 0, fmt.Errorf("not a checkpoint of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return 0, err
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil {
		return 0, err
	}
	hashes := storage{}
	if err := readEntries(size, get, &hashes); err != nil {
		return 0, err
	}
	if err := compareTiles(size, get, &hashes); err != nil {
		return 0, err
	}
	computed := sha256.Sum256(nil)
	if size > 0 {
		tree, err := tlog.TreeHash(size, &hashes)
		if err != nil {
			return 0, err
		}
		computed = tree
	}
	if !bytes.Equal(computed[:], root) {
		return 0, errors.New("the root is not that of the entries")
	}
	return size, nil
}

// Hashes by their index in tlog's own numbering.
type storage struct{ hashes []tlog.Hash }

func (s *storage) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, 0, len(indexes))
	for _, index := range indexes {
		if index >= int64(len(s.hashes)) {
			return nil, fmt.Errorf("no hash %d", index)
		}
		found = append(found, s.hashes[index])
	}
	return found, nil
}

func readEntries(size int64, get fetch, hashes *storage) error {
	for first := int64(0); first < size; first += 256 {
		width := min(256, size-first)
		bundle, err := get("tile/entries/" + suffix(first/256, width))
		if err != nil {
			return err
		}
		leaves, err := get(fmt.Sprintf("tile/0/%s", suffix(first/256, width)))
		if err != nil {
			return err
		}
		for index := first; index < first+width; index++ {
			if len(bundle) < 2 || len(bundle) < 2+int(binary.BigEndian.Uint16(bundle)) {
				return fmt.Errorf("the bundle ends before entry %d", index)
			}
			length := int(binary.BigEndian.Uint16(bundle))
			entry := bundle[2 : 2+length]
			bundle = bundle[2+length:]
			leaf := tlog.RecordHash(entry)
			at := int(index-first) * tlog.HashSize
			if len(leaves) < at+tlog.HashSize || !bytes.Equal(leaf[:], leaves[at:at+tlog.HashSize]) {
				return fmt.Errorf("entry %d does not have its leaf hash", index)
			}
			more, err := tlog.StoredHashes(index, entry, hashes)
			if err != nil {
				return err
			}
			hashes.hashes = append(hashes.hashes, more...)
		}
		if len(bundle) != 0 {
			return fmt.Errorf("the bundle goes on after entry %d", first+width-1)
		}
	}
	return nil
}

func compareTiles(size int64, get fetch, hashes *storage) error {
	for level := 0; size>>(8*level) > 0; level++ {
		count := size >> (8 * level)
		for first := int64(0); first < count; first += 256 {
			width := min(256, count-first)
			path := fmt.Sprintf("tile/%d/%s", level, suffix(first/256, width))
			served, err := get(path)
			if err != nil {
				return err
			}
			tile := tlog.Tile{H: 8, L: level, N: first / 256, W: int(width)}
			computed, err := tlog.ReadTileData(tile, hashes)
			if err != nil {
				return err
			}
			if !bytes.Equal(served, computed) {
				return fmt.Errorf("%s is not made from the entries", path)
			}
		}
	}
	return nil
}

func suffix(number, width int64) string {
	path := fmt.Sprintf("%03d", number%1000)
	for number >= 1000 {
		number /= 1000
		path = fmt.Sprintf("x%03d/%s", number%1000, path)
	}
	if width < 256 {
		path = fmt.Sprintf("%s.p/%d", path, width)
	}
	return path
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}
