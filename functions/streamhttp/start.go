package streamhttp

import (
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
	// environmentRuntimeAPI is set by Lambda, and nowhere else.
	//
	// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
	environmentRuntimeAPI = "AWS_LAMBDA_RUNTIME_API"

	environmentHost = "HOST"
	environmentPort = "PORT"

	defaultHost = "127.0.0.1"
	defaultPort = "8080"

	// shutdownGrace is how long running requests may take to end after a
	// signal.
	shutdownGrace = 5 * time.Second

	// headerTimeout frees a connection whose client never finishes its header.
	headerTimeout = 10 * time.Second
)

// Start serves handler and does not return before it is told to end. A nil
// handler means [http.DefaultServeMux].
//
// Inside Lambda (AWS_LAMBDA_RUNTIME_API is set) it answers the invocations of a
// function URL whose InvokeMode is RESPONSE_STREAM; options are handed to
// aws-lambda-go. BUFFERED mode, other event sources and direct invocations are
// not supported.
//
// Outside Lambda it is an ordinary HTTP server on $HOST:$PORT, and options have
// no effect. Default: 127.0.0.1 and 8080; HOST=0.0.0.0 serves other machines
// too, PORT=0 takes a free port. The address is logged when it listens. It does
// to each request what cloudfurl's original_host does: X-Original-Host and
// X-Original-Authorization are the request's own Host and Authorization,
// whatever the client sent under these names. A panic aborts the connection, as
// it does under net/http. SIGINT and SIGTERM end it, and
// running requests have 5 seconds to end; a second signal ends it at once. If
// it cannot listen, the process exits with status 1.
func Start(handler http.Handler, options ...lambda.Option) {
	if os.Getenv(environmentRuntimeAPI) != "" {
		lambda.StartHandlerFunc(Wrap(handler), options...)
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

func listen(host, port string) (net.Listener, error) {
	if host == "" {
		host = defaultHost
	}
	if port == "" {
		port = defaultPort
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return nil, fmt.Errorf("streamhttp: %s is %q: set it to a number from 0 to 65535", environmentPort, port)
	}
	address := net.JoinHostPort(host, port)
	listener, err := net.Listen("tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("streamhttp: %s is in use: set %s to another port, or to 0 for any free one", address, environmentPort)
	case err != nil:
		return nil, fmt.Errorf("streamhttp: cannot listen on %s (%s and %s): %w", address, environmentHost, environmentPort, err)
	}
	return listener, nil
}

// serveUntil serves until ctx ends, and then for as long as running requests
// take, but not beyond shutdownGrace.
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
		slog.Warn("ending the requests that still run", "after", shutdownGrace.String())
		server.Close()
	}
	<-served
	return nil
}

// originalHost plays the CloudFront Function of that name.
func originalHost(next http.Handler) http.Handler {
	if next == nil {
		next = http.DefaultServeMux
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set(contract.HeaderOriginalHost, r.Host)
		r.Header.Del(contract.HeaderOriginalAuthorization)
		if authorization := r.Header.Get("Authorization"); authorization != "" {
			r.Header.Set(contract.HeaderOriginalAuthorization, authorization)
		}
		next.ServeHTTP(w, r)
	})
}
