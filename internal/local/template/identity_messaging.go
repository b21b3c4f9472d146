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

var messagingIdentities = map[string]identity{
	"AWS::Logs::LogGroup": {
		ref:        logGroupName,
		attributes: map[string]valueFunc{"Arn": logGroupARN},
	},
	"AWS::SQS::Queue": {
		ref: queueURL,
		attributes: map[string]valueFunc{
			"Arn":       arn("sqs", "", queueName),
			"QueueName": queueName,
			"QueueUrl":  queueURL,
		},
	},
	"AWS::SNS::Topic": {
		ref: arn("sns", "", topicName),
		attributes: map[string]valueFunc{
			"TopicArn":  arn("sns", "", topicName),
			"TopicName": topicName,
		},
	},
	"AWS::Events::EventBus": {
		ref: text("Name"),
		attributes: map[string]valueFunc{
			"Name": text("Name"),
			"Arn":  arn("events", "event-bus/", text("Name")),
		},
	},
	"AWS::CloudWatch::Alarm": {
		ref:        alarmName,
		attributes: map[string]valueFunc{"Arn": arn("cloudwatch", "alarm:", alarmName)},
	},
}

// logGroupARN ends in :*, as the documentation of AWS::Logs::LogGroup shows it.
func logGroupARN(s subject) (any, error) {
	group, err := arn("logs", "log-group:", logGroupName)(s)
	if err != nil {
		return nil, err
	}
	return group.(string) + ":*", nil
}

// queueURL gives the address of a queue.
//
// See: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
func queueURL(s subject) (any, error) {
	queue, err := s.name("QueueName", maxQueueName)
	if err != nil {
		return nil, err
	}
	return "https://sqs." + s.s.region + "." + s.partition().suffix + "/" + s.s.account + "/" + queue, nil
}
