"""Calls the server by openai-python and LangChain, and prints what they get."""

import asyncio
import hashlib
import os

import openai
from langchain_openai import ChatOpenAI


def body_hash(request):
    request.headers["x-amz-content-sha256"] = hashlib.sha256(request.read()).hexdigest()
    return request


address = {"base_url": os.environ["BASE_URL"], "api_key": os.environ["API_KEY"]}
client = openai.OpenAI(**address)
hello = [{"role": "user", "content": "Hello"}]
large = [{"role": "user", "content": "word " * 300_000}]


def error(**changed):
    try:
        client.chat.completions.create(**{"model": "embedded", "messages": hello} | changed)
    except openai.APIStatusError as e:
        print("error", e.status_code, type(e).__name__, e.code, e.param)


print("models", [m.id for m in client.models.list()])

answer = client.chat.completions.create(model="embedded", messages=hello)
print("complete", answer.choices[0].message.content, answer.choices[0].finish_reason, answer.usage.total_tokens)

text, last = [], None
for chunk in client.chat.completions.create(model="embedded", messages=hello, stream=True, stream_options={"include_usage": True}):
    text += [c.delta.content for c in chunk.choices if c.delta.content]
    last = chunk
print("stream", len(text), "".join(text), last.usage.completion_tokens)

cut = client.chat.completions.create(model="embedded", messages=hello, max_completion_tokens=3)
print("limit", cut.choices[0].message.content, cut.choices[0].finish_reason)

error(model="gpt-4o")
error(tools=[{"type": "function", "function": {"name": "clock"}}])
error(messages=large)

hashing = openai.OpenAI(**address, http_client=openai.DefaultHttpxClient(auth=body_hash))
print("large", hashing.chat.completions.create(model="embedded", messages=large).choices[0].message.content)

async def ask_large():
    async with openai.AsyncOpenAI(**address, http_client=openai.DefaultAsyncHttpxClient(auth=body_hash)) as c:
        return await c.chat.completions.create(model="embedded", messages=large)


print("large, async", asyncio.run(ask_large()).choices[0].message.content)

chat = ChatOpenAI(model="embedded", **address)
print("langchain", chat.invoke("Hello").content)
pieces = [p for p in chat.stream("Hello", stream_usage=True)]
print("langchain stream", "".join(p.content for p in pieces), sum(p.usage_metadata["total_tokens"] for p in pieces if p.usage_metadata))

hashing_chat = ChatOpenAI(model="embedded", **address, http_client=openai.DefaultHttpxClient(auth=body_hash))
print("langchain large", hashing_chat.invoke("word " * 300_000).content)
