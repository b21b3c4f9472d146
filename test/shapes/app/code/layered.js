const { word } = require('words');

exports.handler = async () => ({ statusCode: 200, body: `${word}, ${process.env.WRAPPED}` });
