// Runs fauxqs (SQS, and S3 beside it) on 127.0.0.1 (its own start listens on every interface), on a port that the
// system picks, and ends when standard input closes, so that it cannot outlive the program that started it. That
// program may still need it after Ctrl+C, which reaches both, so the interrupt is ignored here.
import { buildApp } from "fauxqs";
import { S3Store } from "./node_modules/fauxqs/dist/s3/s3Store.js";
import { INVALID_MESSAGE_BODY_CHAR } from "./node_modules/fauxqs/dist/sqs/sqsTypes.js";

// SQS takes characters above U+FFFF, such as emoji: docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
INVALID_MESSAGE_BODY_CHAR.test = (text) => /[^\x09\x0A\x0D\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(text);

process.on("SIGINT", () => {});

const s3Store = new S3Store();
const app = buildApp({ logger: false, stores: { s3Store } });
// A copy that replaces what is told of the object has the request's type: docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
app.addHook("onSend", async (request, reply) => {
  const { "x-amz-metadata-directive": directive, "content-type": type } = request.headers;
  if (directive === "REPLACE" && type && reply.statusCode === 200)
    s3Store.getObject(request.params.bucket, request.params["*"]).contentType = type;
});
// A put of an object is refused above 11 MiB; media of 16 MB must fit. (S3 itself takes 5 GiB.)
app.removeContentTypeParser("*");
app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: 128 * 1024 * 1024 }, (_request, body, done) => done(null, body));
await app.listen({ host: "127.0.0.1", port: 0 });
console.log(`ready ${app.server.address().port}`);

process.stdin.on("end", () => process.exit(0)).resume();
