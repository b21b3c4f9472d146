package infra

import (
	"io"
	"os"
	"regexp"

	"github.com/aws/jsii-runtime-go"
)

// waitRace matches what jsii prints, without a line feed, in about every second
// run: two of its goroutines wait for its Node.js process, and one finds it gone.
//
// Seen: jsii-runtime-go up to 1.141. Version 1.142 waits once, but reads a lazy
// value, such as the environment of a CfnFunction, as an empty struct.
var waitRace = regexp.MustCompile(`Runtime process exited abnormally: wait(id)?: no child processes`)

// closeRuntime ends jsii's Node.js process. It passes on what jsii prints to
// standard error meanwhile, except waitRace.
func closeRuntime() {
	reader, writer, err := os.Pipe()
	if err != nil {
		jsii.Close()
		return
	}
	printed := make(chan []byte)
	go func() {
		text, _ := io.ReadAll(reader)
		printed <- text
	}()
	stderr := os.Stderr
	os.Stderr = writer
	jsii.Close()
	os.Stderr = stderr
	writer.Close()
	stderr.Write(waitRace.ReplaceAll(<-printed, nil))
	reader.Close()
}
