import asyncio
import hashlib
import secrets

from fastapi import FastAPI, Form, HTTPException, Request, UploadFile
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, StreamingResponse
from starlette.middleware.sessions import SessionMiddleware

from behind_cloudfront import BehindCloudFront

app = FastAPI()
app.add_middleware(SessionMiddleware, secret_key="secret", https_only=True)
app.add_middleware(BehindCloudFront)


@app.get("/login", response_class=HTMLResponse)
async def form(request: Request):
    token = request.session.setdefault("csrf", secrets.token_urlsafe())
    return f'<form method="post"><input name="csrf" value="{token}"><input name="name"></form>'


@app.post("/login")
async def login(request: Request, name: str = Form(), csrf: str = Form()):
    if csrf != request.session.get("csrf"):
        raise HTTPException(403)
    request.session["name"] = name
    return RedirectResponse(request.url_for("me"), 303)


@app.get("/me")
async def me(request: Request):
    return {
        "host": request.url.netloc,
        "scheme": request.url.scheme,
        "address": request.client.host,
        "authorization": request.headers.get("authorization"),
        "url": str(request.url_for("me")),
        "name": request.session.get("name"),
    }


@app.get("/stream")
async def stream():
    async def lines():
        for i in range(5):
            yield f"{i}\n"
            await asyncio.sleep(0.1)

    return StreamingResponse(lines(), media_type="text/plain")


@app.post("/upload", response_class=PlainTextResponse)
async def upload(file: UploadFile):
    return hashlib.sha256(await file.read()).hexdigest()
