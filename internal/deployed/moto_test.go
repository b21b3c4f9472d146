package deployed

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/edge"
)

// moto is the pinned server that stands in for AWS.
const moto = "moto[server,cloudformation,cloudfront,awslambda,iam]==5.2.5"

// motoURL is where it listens, and noMoto why it doesn't.
var (
	motoURL *url.URL
	noMoto  string
)

func TestMain(m *testing.M) {
	os.Exit(withMoto(m.Run))
}

// withMoto runs tests beside a server of moto, if uv can install it.
func withMoto(run func() int) int {
	uv, err := exec.LookPath("uv")
	if err != nil {
		uv, err = filepath.Abs("../../bin/uv/bin/uv")
	}
	arguments := []string{"--quiet", "tool", "run", "--from", moto, "moto_server"}
	if err == nil {
		err = exec.Command(uv, append(arguments, "--help")...).Run()
	}
	if err != nil {
		noMoto = fmt.Sprintf("SKIPPED: uv can't install %s (%v); make test installs uv, and moto comes from PyPI", moto, err)
		return run()
	}
	server := exec.Command(uv, append(arguments, "--host", "127.0.0.1", "--port", "0")...)
	server.Env = append(os.Environ(), "VALIDATE_LAMBDA_S3=false")
	output, err := server.StderrPipe()
	if err == nil {
		err = server.Start()
	}
	if err != nil {
		panic(err)
	}
	defer server.Wait()
	defer server.Process.Signal(os.Interrupt)
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if _, address, ok := strings.Cut(lines.Text(), "Running on "); ok {
			go io.Copy(io.Discard, output) // or moto waits until it can write its log
			if motoURL, err = url.Parse(strings.TrimSpace(address)); err == nil {
				return run()
			}
		}
	}
	panic("moto doesn't listen")
}

// A cloud is moto, corrected where it differs from AWS: it forgets parts of the
// configuration of distributions, writes two conditions of permissions beside Condition,
// ignores a change of InvokeMode, and its CloudFormation lacks some types.
type cloud struct {
	*httptest.Server

	templates     map[string]string                         // by stack
	resources     map[string][][3]string                    // logical id, type and name on AWS of what moto doesn't create, by stack
	distributions map[string][]byte                         // configurations, by id
	invokeMode    string                                    // of function URLs, once it was changed
	status        string                                    // of stacks, instead of CREATE_COMPLETE
	fail          func(action, region string) (code string) // by which a call fails
	calls         map[string]bool
	answers       map[string]string // of actions that moto doesn't know, as AWS documents them
}

// newCloud returns a cloud without resources, which the SDK finds.
func newCloud(t *testing.T) *cloud {
	t.Helper()
	if noMoto != "" {
		t.Skip(noMoto)
	}
	response, err := http.Post(motoURL.JoinPath("moto-api", "reset").String(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	c := &cloud{templates: map[string]string{}, resources: map[string][][3]string{}, distributions: map[string][]byte{}, calls: map[string]bool{}}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		action := actionOf(r, body)
		c.calls[action] = true
		if c.fail != nil {
			if code := c.fail(action, regionOf(r)); code != "" {
				refuse(w, r, code, action)
				return
			}
		}
		if answer, ok := c.answers[action]; ok {
			io.WriteString(w, answer)
			return
		}
		if action == "GET /code" {
			if err := zipHasher(w); err != nil {
				t.Error(err)
			}
			return
		}
		proxy := httputil.NewSingleHostReverseProxy(motoURL)
		proxy.ModifyResponse = func(response *http.Response) error { return c.correct(response, action, body) }
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(c.Close)
	useCloud(t, c.URL)
	return c
}

// useCloud makes the SDK find a cloud.
func useCloud(t *testing.T, address string) {
	t.Helper()
	for name, value := range map[string]string{"AWS_ENDPOINT_URL": address, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_SESSION_TOKEN": "",
		"AWS_REGION": "ap-northeast-1", "AWS_DEFAULT_REGION": "", "AWS_PROFILE": "", "AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_EC2_METADATA_DISABLED": "true", "TMPDIR": t.TempDir()} {
		t.Setenv(name, value)
	}
}

// zipHasher writes the code of body_hasher, which moto doesn't keep.
func zipHasher(w io.Writer) error {
	archive := zip.NewWriter(w)
	file, err := archive.Create("body_hasher.js")
	if err != nil {
		return err
	}
	_, err = io.WriteString(file, edge.BodyHasher)
	return errors.Join(err, archive.Close())
}

// routes are the actions of services with paths.
var routes = []struct {
	pattern *regexp.Regexp
	action  string
}{
	{regexp.MustCompile(`^GET /2020-05-31/distribution/[^/]+$`), "cloudfront:GetDistribution"},
	{regexp.MustCompile(`^POST /2020-05-31/distribution$`), "cloudfront:CreateDistribution"},
	{regexp.MustCompile(`^PUT /2020-05-31/distribution/[^/]+/config$`), "cloudfront:UpdateDistribution"},
	{regexp.MustCompile(`^GET /2020-05-31/origin-access-control/`), "cloudfront:GetOriginAccessControl"},
	{regexp.MustCompile(`^GET /2020-05-31/cache-policy/`), "cloudfront:GetCachePolicy"},
	{regexp.MustCompile(`^GET /2020-05-31/origin-request-policy/`), "cloudfront:GetOriginRequestPolicy"},
	{regexp.MustCompile(`^GET /2020-05-31/function/[^/]+/describe$`), "cloudfront:DescribeFunction"},
	{regexp.MustCompile(`^GET /2020-05-31/function/[^/]+$`), "cloudfront:GetFunction"},
	{regexp.MustCompile(`^GET /2015-03-31/functions/[^/]+$`), "lambda:GetFunction"},
	{regexp.MustCompile(`^GET /2015-03-31/functions/[^/]+/configuration$`), "lambda:GetFunctionConfiguration"},
	{regexp.MustCompile(`^GET /2015-03-31/functions/[^/]+/policy$`), "lambda:GetPolicy"},
	{regexp.MustCompile(`^GET /2021-10-31/functions/[^/]+/url$`), "lambda:GetFunctionUrlConfig"},
}

func actionOf(r *http.Request, body []byte) string {
	form, err := url.ParseQuery(string(body))
	if action := form.Get("Action"); err == nil && action != "" {
		service := "cloudformation"
		if form.Get("Version") == "2010-05-08" {
			service = "iam"
		}
		return service + ":" + action
	}
	for _, route := range routes {
		if route.pattern.MatchString(r.Method + " " + r.URL.Path) {
			return route.action
		}
	}
	return r.Method + " " + r.URL.Path
}

// regionOf returns the region for which a request is signed.
func regionOf(r *http.Request) string {
	if fields := strings.Split(r.Header.Get("Authorization"), "/"); len(fields) > 2 {
		return fields[2]
	}
	return ""
}

// refuse responds with an error in the form of a service.
func refuse(w http.ResponseWriter, r *http.Request, code, action string) {
	message := "User: arn:aws:iam::123456789012:user/ops is not authorized to perform: " + action
	if strings.HasPrefix(action, "lambda:") {
		w.Header().Set("X-Amzn-Errortype", code+"Exception")
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, `{"Message":%q}`, message)
		return
	}
	w.WriteHeader(http.StatusForbidden)
	fmt.Fprintf(w, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>1</RequestId></ErrorResponse>`, code, message)
}

var (
	configXML = regexp.MustCompile(`(?s)<DistributionConfig.*</DistributionConfig>`)
	idXML     = regexp.MustCompile(`<Id>([A-Z0-9]+)</Id>`)
)

// correct makes a response AWS's.
func (c *cloud) correct(response *http.Response, action string, asked []byte) error {
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= 300 {
		response.Body = io.NopCloser(bytes.NewReader(body))
		return err
	}
	form, _ := url.ParseQuery(string(asked))
	stack := form.Get("StackName")
	if _, ok := c.templates[stack]; !ok && strings.Contains(stack, ":stack/") {
		stack = strings.Split(stack, "/")[1]
	}
	switch action {
	case "cloudfront:CreateDistribution", "cloudfront:UpdateDistribution":
		c.distributions[string(idXML.FindSubmatch(body)[1])] = configXML.Find(asked)
	case "cloudfront:GetDistribution":
		config := c.distributions[string(idXML.FindSubmatch(body)[1])]
		body = configXML.ReplaceAllLiteral(body, config)
	case "cloudformation:DescribeStacks":
		if c.status != "" {
			body = regexp.MustCompile(`<StackStatus>\w+`).ReplaceAllLiteral(body, []byte("<StackStatus>"+c.status))
		}
	case "cloudformation:GetTemplate":
		var text bytes.Buffer
		if err := xml.EscapeText(&text, []byte(c.templates[stack])); err != nil {
			return err
		}
		body = regexp.MustCompile(`(?s)<TemplateBody>.*</TemplateBody>`).ReplaceAllLiteral(body, slices.Concat([]byte("<TemplateBody>"), text.Bytes(), []byte("</TemplateBody>")))
	case "cloudformation:ListStackResources":
		for _, row := range c.resources[stack] {
			body = bytes.Replace(body, []byte("</StackResourceSummaries>"), fmt.Appendf(nil, "<member><LogicalResourceId>%s</LogicalResourceId><ResourceType>%s</ResourceType><PhysicalResourceId>%s</PhysicalResourceId>"+
				"<ResourceStatus>CREATE_COMPLETE</ResourceStatus><LastUpdatedTimestamp>2026-12-01T00:00:00Z</LastUpdatedTimestamp></member></StackResourceSummaries>", row[0], row[1], row[2]), 1)
		}
	case "lambda:GetFunctionUrlConfig":
		body = bytes.ReplaceAll(body, []byte(`.on.aws"`), []byte(`.on.aws/"`))
		if c.invokeMode != "" {
			body = bytes.ReplaceAll(body, []byte(`"RESPONSE_STREAM"`), []byte(`"`+c.invokeMode+`"`))
		}
	case "lambda:GetFunction":
		body = regexp.MustCompile(`"Location": "[^"]*"`).ReplaceAllLiteral(body, []byte(`"Location": "`+c.URL+`/code"`))
	case "lambda:GetPolicy":
		if body, err = correctPolicy(body); err != nil {
			return err
		}
	}
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	response.Header.Set("Content-Length", fmt.Sprint(len(body)))
	return nil
}

// correctPolicy writes the conditions of statements as AWS does.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
func correctPolicy(body []byte) ([]byte, error) {
	var answer map[string]any
	var policy struct {
		Statement []map[string]any
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(answer["Policy"].(string)), &policy); err != nil {
		return nil, err
	}
	for _, s := range policy.Statement {
		conditions, ok := s["Condition"].(map[string]any)
		if !ok {
			conditions = map[string]any{}
		}
		if authType, ok := s["FunctionUrlAuthType"]; ok {
			conditions["StringEquals"] = map[string]any{"lambda:FunctionUrlAuthType": authType}
		}
		if via, ok := s["InvokedViaFunctionUrl"]; ok {
			conditions["Bool"] = map[string]any{"lambda:InvokedViaFunctionUrl": fmt.Sprint(via)}
		}
		s["Condition"] = conditions
		delete(s, "FunctionUrlAuthType")
		delete(s, "InvokedViaFunctionUrl")
	}
	text, err := json.Marshal(policy)
	answer["Policy"] = string(text)
	if err != nil {
		return nil, err
	}
	return json.Marshal(answer)
}
