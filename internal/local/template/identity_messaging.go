package template

// Limits of names, in characters.
//
// See: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
// See: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
// See: https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
// See: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
const (
	maxLogGroupName = 512
	maxQueueName    = 80
	maxTopicName    = 256
	maxAlarmName    = 255
)

// queueName and the like give the names that the ARNs are made of.
var (
	logGroupName = name("LogGroupName", maxLogGroupName)
	queueName    = name("QueueName", maxQueueName)
	topicName    = name("TopicName", maxTopicName)
	alarmName    = name("AlarmName", maxAlarmName)
)

var messagingIdentities = map[string]Identity{
	"AWS::Logs::LogGroup": {
		Ref:        logGroupName,
		Attributes: map[string]Value{"Arn": logGroupARN},
	},
	"AWS::SQS::Queue": {
		Ref: queueURL,
		Attributes: map[string]Value{
			"Arn":       arn("sqs", "", queueName),
			"QueueName": queueName,
			"QueueUrl":  queueURL,
		},
	},
	"AWS::SNS::Topic": {
		Ref: arn("sns", "", topicName),
		Attributes: map[string]Value{
			"TopicArn":  arn("sns", "", topicName),
			"TopicName": topicName,
		},
	},
	"AWS::Events::EventBus": {
		Ref: text("Name"),
		Attributes: map[string]Value{
			"Name": text("Name"),
			"Arn":  arn("events", "event-bus/", text("Name")),
		},
	},
	"AWS::CloudWatch::Alarm": {
		Ref:        alarmName,
		Attributes: map[string]Value{"Arn": arn("cloudwatch", "alarm:", alarmName)},
	},
}

// logGroupARN ends in :*, as the documentation of AWS::Logs::LogGroup shows it.
func logGroupARN(s Subject) (any, error) {
	group, err := arn("logs", "log-group:", logGroupName)(s)
	if err != nil {
		return nil, err
	}
	return group.(string) + ":*", nil
}

// queueURL gives the address of a queue.
//
// See: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
func queueURL(s Subject) (any, error) {
	queue, err := s.Name("QueueName", maxQueueName)
	if err != nil {
		return nil, err
	}
	return "https://sqs." + s.Region() + "." + s.DomainSuffix() + "/" + s.Account() + "/" + queue, nil
}
