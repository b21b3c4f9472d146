import hashlib

from fastapi import FastAPI, Request
from mangum import Mangum

from behind_cloudfront import BehindCloudFront

app = FastAPI()
app.add_middleware(BehindCloudFront)


@app.get("/")
async def index(name: str = "world"):
    return {"message": f"Hello, {name}!"}


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


lambda_handler = Mangum(app)
