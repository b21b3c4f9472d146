import asyncio
import hashlib
from collections.abc import AsyncIterable

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel

from behind_cloudfront import BehindCloudFront

app = FastAPI()
app.add_middleware(BehindCloudFront)


class Question(BaseModel):
    prompt: str


async def tokens(prompt: str) -> AsyncIterable[str]:
    """Stands for a model: a word every 100 ms, after it has thought for a while."""
    await asyncio.sleep(0.5)
    answer = f"You asked: {prompt} I would think about it, word by word, for two seconds or so, and then come to the same conclusion as you did."
    for word in answer.split():
        yield word + " "
        await asyncio.sleep(0.1)


async def events(prompt: str) -> AsyncIterable[ServerSentEvent]:
    # The first bytes, before the model has any. While there are no more, FastAPI
    # sends a comment every 15 s: CloudFront gives up after 60 s of silence.
    yield ServerSentEvent(comment="thinking")
    i = 0
    async for token in tokens(prompt):
        yield ServerSentEvent(id=str(i), event="token", data=token)
        i += 1
    yield ServerSentEvent(event="done", data={"tokens": i})


@app.get("/")
async def page():
    return FileResponse("index.html")


# For EventSource in browsers, which sends no body.
@app.get("/chat", response_class=EventSourceResponse)
async def chat_get(prompt: str) -> AsyncIterable[ServerSentEvent]:
    async for event in events(prompt):
        yield event


@app.post("/chat", response_class=EventSourceResponse)
async def chat_post(question: Question) -> AsyncIterable[ServerSentEvent]:
    async for event in events(question.prompt):
        yield event


@app.post("/echo")
async def echo(request: Request):
    body = await request.body()
    return {
        "host": request.url.netloc,
        "scheme": request.url.scheme,
        "address": request.client.host,
        "authorization": request.headers.get("authorization"),
        "length": len(body),
        "sha256": hashlib.sha256(body).hexdigest(),
    }
