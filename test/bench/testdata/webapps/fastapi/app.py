import asyncio

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, StreamingResponse

app = FastAPI()


@app.get("/", response_class=PlainTextResponse)
async def index():
    return "hello\n"


@app.get("/events")
async def events():
    async def generate():
        for i in range(20):
            yield f"data: {i}\n\n"
            await asyncio.sleep(0.01)

    return StreamingResponse(generate(), media_type="text/event-stream")
