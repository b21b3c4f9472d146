package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// extend is what this program does as an extension of the given name, changed by the
// variable EXTENSION.
func extend(name string) {
	mode := os.Getenv("EXTENSION")
	if file := os.Getenv("PID_FILE"); file != "" {
		os.WriteFile(file, []byte(strconv.Itoa(os.Getpid())), 0o600)
	}
	fmt.Printf("%s has %s\n", name, strings.Join(slices.Sorted(slices.Values(os.Environ())), " "))
	switch mode {
	case "exit":
		fmt.Println("no license found")
		os.Exit(3)
	case "mute":
		time.Sleep(time.Hour)
	case "wrong name":
		name = "another"
	}
	id := call("", "POST", "register", `{"events":["INVOKE","SHUTDOWN"]}`, name).Header.Get("Lambda-Extension-Identifier")
	switch mode {
	case "lazy":
		time.Sleep(time.Hour)
	case "init error":
		call(id, "POST", "init/error", `{"errorMessage":"no license"}`, "Extension.NoLicense")
	}
	for {
		response := call(id, "GET", "event/next", "", "")
		var event struct{ EventType, RequestID, ShutdownReason string }
		if err := json.NewDecoder(response.Body).Decode(&event); err != nil {
			os.Exit(9)
		}
		response.Body.Close()
		fmt.Printf("%s got %s %s%s\n", name, event.EventType, event.RequestID, event.ShutdownReason)
		switch {
		case event.EventType == "SHUTDOWN" && mode == "stay":
			time.Sleep(time.Hour)
		case event.EventType == "SHUTDOWN":
			os.Exit(0)
		case mode == "crash":
			os.Exit(4)
		case mode == "exit error":
			call(id, "POST", "exit/error", `{"errorMessage":"disk full"}`, "Extension.DiskFull")
		case mode == "slow":
			time.Sleep(time.Hour)
		}
	}
}

// call sends a request of the Extensions API. The header is a name or the type of an
// error.
func call(id, method, path, body, header string) *http.Response {
	request, err := http.NewRequest(method, "http://"+os.Getenv("AWS_LAMBDA_RUNTIME_API")+"/2020-01-01/extension/"+path, strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	request.Header.Set("Lambda-Extension-Identifier", id)
	request.Header.Set("Lambda-Extension-Name", header)
	request.Header.Set("Lambda-Extension-Function-Error-Type", header)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		os.Exit(8)
	}
	return response
}
