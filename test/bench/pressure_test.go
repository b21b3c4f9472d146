package bench

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// BenchmarkSilentPosts tells how long a GET takes beside 24 POSTs that announce
// 6 MB, send ten bytes and then nothing, and how long it takes without them. Both
// should take the same time.
func BenchmarkSilentPosts(b *testing.B) {
	edge := startEdge(b, made(b, demoAssembly))
	defer edge.stop(b)
	get := request{method: http.MethodGet, path: "/inspect"}
	for range warmRequests {
		get.ask(b, edge)
	}
	var alone, beside sample
	for b.Loop() {
		get.ask(b, edge) // shares the processors with the end of the POSTs, and below with their beginning
		first, _ := get.ask(b, edge)
		alone.add(first)
		hangUp := postSilently(b, edge, 24)
		get.ask(b, edge)
		first, _ = get.ask(b, edge)
		beside.add(first)
		hangUp()
	}
	report(b, map[string]float64{
		"alone-ms":  alone.median(),
		"beside-ms": beside.median(),
		"added-ms":  beside.less(alone).median(),
	})
}

// postSilently begins requests that stay silent until the function that it returns
// is called.
func postSilently(b *testing.B, to *process, n int) (hangUp func()) {
	b.Helper()
	var connections []net.Conn
	for range n {
		c, err := net.Dial("tcp", strings.TrimPrefix(to.URL, "http://"))
		if err != nil {
			b.Fatal(err)
		}
		connections = append(connections, c)
		io.WriteString(c, "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6291456\r\n\r\nten bytes.")
	}
	return func() {
		for _, c := range connections {
			c.Close()
		}
	}
}

// BenchmarkBodies sends 2,000 bodies of 1 MB at once, each over its own connection,
// and tells the most memory that the edge had. The budget of peak-MB is 512.
func BenchmarkBodies(b *testing.B) {
	const viewers, size = 2000, 1 << 20
	body := make([]byte, size)
	rand.Read(body)
	edge := startEdge(b, made(b, demoAssembly))
	defer edge.stop(b)
	post := request{method: http.MethodPost, path: "/echo", body: body, want: size}
	post.ask(b, edge)
	var peak sample
	for b.Loop() {
		edge.resetPeak(b)
		if failed := sendAtOnce(post, edge, viewers); len(failed) > 0 {
			b.Fatalf("%d requests failed, such as: %v", len(failed), failed[0])
		}
		peak = append(peak, edge.memory(b, "VmHWM"))
	}
	report(b, map[string]float64{"peak-MB": peak.most()})
}

// sendAtOnce sends a request by many viewers and returns what failed.
func sendAtOnce(r request, to *process, viewers int) (failed []error) {
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	defer client.CloseIdleConnections()
	var mu sync.Mutex
	var group sync.WaitGroup
	for range viewers {
		group.Go(func() {
			if err := r.sendBy(client, to); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed = append(failed, err)
			}
		})
	}
	group.Wait()
	return failed
}

// sendBy sends the request by a client of its own.
func (r request) sendBy(client *http.Client, to *process) error {
	response, err := client.Post(to.URL+r.path, "application/octet-stream", bytes.NewReader(r.body))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	n, err := io.Copy(io.Discard, response.Body)
	if err == nil && (response.StatusCode != http.StatusOK || n != r.want) {
		err = fmt.Errorf("got %s and %d bytes, want 200 and %d", response.Status, n, r.want)
	}
	return err
}
