package shapes

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
	"github.com/cloudfurl/cloudfurl/internal/local/templatefile"
)

const edgeTemplate = `
Resources:
  Hasher:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/edge
      Code:
        ZipFile: |
          import base64, hashlib
          def handler(event, context):
              request = event["Records"][0]["cf"]["request"]
              body = base64.b64decode(request.get("body", {}).get("data", ""))
              request["headers"]["x-amz-content-sha256"] = [{"key": "x-amz-content-sha256", "value": hashlib.sha256(body).hexdigest()}]
              return request
  Version: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Hasher}}
Outputs:
  VersionArn: {Value: !Ref Version}
`

const appTemplate = `
Parameters:
  Hasher: {Type: String}
Resources:
  App: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Handler: app.handler, Code: src}}
  Url: {Type: AWS::Lambda::Url, Properties: {AuthType: AWS_IAM, TargetFunctionArn: !GetAtt App.Arn}}
  Access:
    Type: AWS::CloudFront::OriginAccessControl
    Properties:
      OriginAccessControlConfig: {Name: access, OriginAccessControlOriginType: lambda, SigningBehavior: always, SigningProtocol: sigv4}
  Distribution:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins:
        - Id: app
          DomainName: !Select [2, !Split [/, !GetAtt Url.FunctionUrl]]
          OriginAccessControlId: !Ref Access
          CustomOriginConfig: {OriginProtocolPolicy: https-only}
        DefaultCacheBehavior:
          TargetOriginId: app
          ViewerProtocolPolicy: allow-all
          AllowedMethods: [GET, HEAD, OPTIONS, PUT, POST, PATCH, DELETE]
          CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad
          LambdaFunctionAssociations:
          - {EventType: origin-request, IncludeBody: yes, LambdaFunctionARN: !Ref Hasher}
  Both:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunctionUrl
      FunctionName: !Ref App
      Principal: cloudfront.amazonaws.com
      SourceArn: !Sub arn:aws:cloudfront::${AWS::AccountId}:distribution/${Distribution}
  Second:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref App
      Principal: cloudfront.amazonaws.com
      SourceArn: !Sub arn:aws:cloudfront::${AWS::AccountId}:distribution/${Distribution}
`

// The hasher and the app are stacks of two regions, and the version's ARN is a
// parameter, as in many public templates.
func TestTemplates_are_served_with_an_output_as_a_parameter(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{
		"edge.yaml": edgeTemplate, "app.yaml": appTemplate,
		"src/app.py": "import base64\ndef handler(event, context):\n    return 'got ' + base64.b64decode(event.get('body', '')).decode()\n",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	source := local.Source{Templates: []templatefile.File{
		{Path: filepath.Join(dir, "edge.yaml"), Stack: "edge", Region: "us-east-1"},
		{Path: filepath.Join(dir, "app.yaml"), Stack: "app", Region: "ap-northeast-1"},
	}}
	t.Run("with the parameter", func(t *testing.T) {
		e := serveSource(t, source, build.Options{Parameters: map[string]string{"app.Hasher": "edge.VersionArn"}})
		got := e.send(t, http.MethodPost, "/", "the body", "Content-Type", "application/octet-stream")
		if got.status != http.StatusOK || !strings.Contains(got.body, "got the body") {
			t.Errorf("got %d %s, want the body", got.status, got.body)
		}
	})
	t.Run("without", func(t *testing.T) {
		e := serveSource(t, source, build.Options{})
		if got := e.get(t, "/"); got.status != http.StatusNotImplemented || !strings.Contains(got.body, "--parameter app.Hasher=VALUE") {
			t.Errorf("got %d %s, want 501 with what to give", got.status, got.body)
		}
		if got := e.get(t, "/", "Host", e.functionURL(t).Hosts[0]); got.status != http.StatusForbidden {
			t.Errorf("the rest: got %d %s, want the function URL's 403", got.status, got.body)
		}
	})
}
