"""A mail server of our own, in the test's process: what it got, and what it answers."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Post:
    """`answers` gives the reply to a command other than 250; "" breaks the connection off."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)

    @property
    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(each, policy=policy.default) for each in self.raw]


class Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.say("220 test")
        for line in self.rfile:
            command = line.decode().strip()
            self.server.post.commands.append(command)
            word = command.upper().split(" ")[0].rstrip(":")
            answer = self.server.post.answers.get(word)
            if answer == "":
                return
            if word == "DATA" and answer is None:
                self.say("354 go on")
                self.server.post.raw.append(self.text())
                answer = self.server.post.answers.get("END", "250 ok")
            self.say(answer or ("221 bye" if word == "QUIT" else "250 ok"))
            if word == "QUIT":
                return

    def text(self) -> bytes:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def post_office() -> Iterator[Post]:
    with Server(("127.0.0.1", 0), Conversation) as server:
        server.post = Post(port=server.server_address[1])
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.post
        server.shutdown()
