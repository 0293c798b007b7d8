// Runs fauxqs (SQS, and S3 beside it) on 127.0.0.1 (its own start listens on every interface), on a port that the
// system picks, and ends when standard input closes, so that it cannot outlive the program that started it. That
// program may still need it after Ctrl+C, which reaches both, so the interrupt is ignored here.
import { buildApp } from "fauxqs";

process.on("SIGINT", () => {});

const app = buildApp({ logger: false });
await app.listen({ host: "127.0.0.1", port: 0 });
console.log(`ready ${app.server.address().port}`);

process.stdin.on("end", () => process.exit(0)).resume();
