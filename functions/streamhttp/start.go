package streamhttp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/cloudfurl/cloudfurl/internal/contract"
)

const (
	// environmentRuntimeAPI is set by Lambda only.
	//
	// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
	environmentRuntimeAPI = "AWS_LAMBDA_RUNTIME_API"

	environmentHost = "HOST"
	environmentPort = "PORT"

	defaultHost = "127.0.0.1"
	defaultPort = "8080"

	// shutdownGrace is how long running requests may take after a signal.
	shutdownGrace = 5 * time.Second

	// headerTimeout closes the connections of clients that never finish a header.
	headerTimeout = 10 * time.Second
)

// Start serves handler until the process is told to stop. A nil handler means
// [http.DefaultServeMux].
//
// In Lambda, where AWS_LAMBDA_RUNTIME_API is set, it handles the invocations of
// a function URL with InvokeMode RESPONSE_STREAM, or of a REST API of API Gateway
// with ResponseTransferMode STREAM, and passes options to aws-lambda-go. BUFFERED
// mode, other event sources and direct invocations aren't supported.
//
// Outside Lambda it runs an HTTP server on $HOST:$PORT, by default
// 127.0.0.1:8080, logs the address, and ignores options. HOST=0.0.0.0 listens
// on all interfaces, PORT=0 on a free port. Like cloudfurl's original_host
// function, it sets X-Original-Host and X-Forwarded-Host to the request's Host and
// X-Original-Authorization to its Authorization, and discards what the client sent
// in them.
// A panic aborts the connection, as in net/http. After SIGINT or SIGTERM,
// running requests have 5 seconds to finish; a second signal ends the process
// immediately. If it can't listen, the process exits with status 1.
func Start(handler http.Handler, options ...lambda.Option) {
	if os.Getenv(environmentRuntimeAPI) != "" {
		lambda.StartHandlerFunc(invoked(handler), options...)
		return
	}
	if err := startServer(handler); err != nil {
		slog.Error(err.Error())
		os.Exit(1)
	}
}

func startServer(handler http.Handler) error {
	listener, err := listen(os.Getenv(environmentHost), os.Getenv(environmentPort))
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	slog.Info("listening", "url", "http://"+listener.Addr().String())
	return serveUntil(ctx, listener, handler)
}

// windowsAddressInUse is WSAEADDRINUSE, which Go's syscall.EADDRINUSE isn't.
//
// See: https://learn.microsoft.com/en-us/windows/win32/winsock/windows-sockets-error-codes-2
const windowsAddressInUse = syscall.Errno(10048)

func listen(host, port string) (net.Listener, error) {
	host = cmp.Or(host, defaultHost)
	port = cmp.Or(port, defaultPort)
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return nil, fmt.Errorf("streamhttp: invalid %s %q: set it to a number from 0 to 65535", environmentPort, port)
	}
	address := net.JoinHostPort(host, port)
	listener, err := net.Listen("tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE), errors.Is(err, windowsAddressInUse):
		return nil, fmt.Errorf("streamhttp: %s is in use: set %s to another port, or to 0 for a free one", address, environmentPort)
	case err != nil:
		return nil, fmt.Errorf("streamhttp: can't listen on %s (from %s and %s): %w", address, environmentHost, environmentPort, err)
	}
	return listener, nil
}

// serveUntil serves until ctx is done, and then waits for running requests, but
// no longer than shutdownGrace.
func serveUntil(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: originalHost(handler), ReadHeaderTimeout: headerTimeout}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("streamhttp: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), shutdownGrace)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		slog.Warn("closing the requests that are still running", "after", shutdownGrace.String())
		server.Close()
	}
	<-served
	return nil
}

// originalHost does what the CloudFront Function original_host does.
func originalHost(next http.Handler) http.Handler {
	next = cmp.Or[http.Handler](next, http.DefaultServeMux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name := range r.Header {
			if imitatesCopy(name) {
				delete(r.Header, name)
			}
		}
		r.Header.Set(contract.HeaderOriginalHost, r.Host)
		r.Header.Set(contract.HeaderForwardedHost, r.Host)
		r.Header.Del(contract.HeaderOriginalAuthorization)
		if authorization := r.Header.Get("Authorization"); authorization != "" {
			r.Header.Set(contract.HeaderOriginalAuthorization, authorization)
		}
		next.ServeHTTP(w, r)
	})
}
