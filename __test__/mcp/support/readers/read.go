// What Go reads: the lines and the values of standard input, or, with names as arguments, which of them it takes for
// which members.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
)

type params struct {
	Name      string          `json:"name"`
	URI       string          `json:"uri"`
	Arguments json.RawMessage `json:"arguments"`
	Meta      json.RawMessage `json:"_meta"`
	Task      string          `json:"task"`
}

func main() {
	out := json.NewEncoder(os.Stdout)
	given, _ := io.ReadAll(os.Stdin)
	if len(os.Args) > 1 {
		out.Encode(members(given))
		return
	}
	lines := []string{}
	scanner := bufio.NewScanner(bytes.NewReader(given))
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		lines = append(lines, scanner.Text())
	}
	values := []string{}
	decoder := json.NewDecoder(bytes.NewReader(given))
	for {
		var value json.RawMessage
		if decoder.Decode(&value) != nil {
			break
		}
		values = append(values, string(value))
	}
	out.Encode(map[string][]string{"bufio.Scanner": lines, "json.Decoder": values})
}

// The member that each of the names in a JSON array stands for; empty for those that stand for none.
func members(given []byte) []string {
	var names []string
	json.Unmarshal(given, &names)
	found := []string{}
	for _, name := range names {
		document, _ := json.Marshal(map[string]string{name: "x"})
		var read params
		json.Unmarshal(document, &read)
		switch {
		case read.Name != "":
			found = append(found, "name")
		case read.URI != "":
			found = append(found, "uri")
		case read.Arguments != nil:
			found = append(found, "arguments")
		case read.Meta != nil:
			found = append(found, "_meta")
		case read.Task != "":
			found = append(found, "task")
		default:
			found = append(found, "")
		}
	}
	return found
}
