exports.handler = async (event, context) => ({
  statusCode: 200,
  body: `${context.functionName} greets ${event.rawPath}`,
});
