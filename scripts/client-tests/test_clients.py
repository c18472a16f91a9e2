"""Real clients against semcache in front of a stub upstream that counts: each answer twice, one call each.

Run by scripts/test-clients, which sets SEMCACHE_URL, SEMCACHE_ADMIN_URL and UPSTREAM_URL.
"""
import json
import os
import unittest
import urllib.request

try:  # Each client has a venv of its own, as they pin different versions of each other.
    import openai
except ImportError:
    openai = None
try:
    from langchain_openai import ChatOpenAI, OpenAIEmbeddings
except ImportError:
    ChatOpenAI = None
try:
    import litellm
except ImportError:
    litellm = None

URL = os.environ["SEMCACHE_URL"] + "/v1"
QUESTION = [{"role": "user", "content": "What is the capital of France"}]
TOOLS = [{
    "type": "function",
    "function": {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}},
}]


def calls(model):
    with urllib.request.urlopen(os.environ["UPSTREAM_URL"] + "/calls") as answer:
        return sum(1 for call in json.load(answer) if call["body"].get("model") == model)


@unittest.skipIf(openai is None, "openai is in another venv")
class OpenAISDK(unittest.TestCase):
    def setUp(self):
        self.client = openai.OpenAI(base_url=URL, api_key="sk-sdk", max_retries=2)

    def test_chat_completions_come_from_the_cache_the_second_time(self):
        first = self.client.chat.completions.with_raw_response.create(model="sdk-chat", messages=QUESTION)
        second = self.client.chat.completions.with_raw_response.create(model="sdk-chat", messages=QUESTION)
        self.assertEqual(first.headers["x-semcache"], "MISS")
        self.assertEqual(second.headers["x-semcache"], "HIT")
        self.assertEqual(first.parse(), second.parse())
        self.assertEqual(second.parse().choices[0].message.content, "Echo of What is the capital of France!")
        self.assertEqual(calls("sdk-chat"), 1)

    def test_streams_are_relayed_and_replayed(self):
        def ask():
            options = {"include_usage": True}
            chunks = list(self.client.chat.completions.create(
                model="sdk-stream", messages=QUESTION, stream=True, stream_options=options))
            text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
            return text, chunks[-1].usage.total_tokens, {c.id for c in chunks}, {c.object for c in chunks}

        self.assertEqual(ask(), ask())
        self.assertEqual(calls("sdk-stream"), 1)

    def test_a_streamed_answer_is_the_plain_answer(self):
        list(self.client.chat.completions.create(model="sdk-both", messages=QUESTION, stream=True))
        plain = self.client.chat.completions.create(model="sdk-both", messages=QUESTION)
        self.assertEqual(plain.choices[0].message.content.strip(), "Echo of What is the capital of France!")
        self.assertEqual(plain.choices[0].finish_reason, "stop")
        self.assertEqual(calls("sdk-both"), 1)

    def test_the_stream_helper_understands_a_replay(self):
        for _ in range(2):
            with self.client.chat.completions.stream(model="sdk-helper", messages=QUESTION) as stream:
                for _ in stream:
                    pass
                final = stream.get_final_completion()
            self.assertEqual(final.choices[0].message.content.strip(), "Echo of What is the capital of France!")
        self.assertEqual(calls("sdk-helper"), 1)

    def test_tool_calls_keep_their_shape(self):
        for stream in (False, True):
            answers = []
            for _ in range(2):
                model = f"sdk-tools-{stream}"
                if stream:
                    with self.client.chat.completions.stream(model=model, messages=QUESTION, tools=TOOLS) as events:
                        for _ in events:
                            pass
                        answer = events.get_final_completion()
                else:
                    answer = self.client.chat.completions.create(model=model, messages=QUESTION, tools=TOOLS)
                call = answer.choices[0].message.tool_calls[0]
                answers.append((call.id, call.function.name, call.function.arguments))
            self.assertEqual(answers, [("call_1", "weather", '{"city": "Paris"}')] * 2)

    def test_embeddings_are_cached_each(self):
        def embed(texts):
            return [d.embedding for d in self.client.embeddings.create(
                model="sdk-embed", input=texts, encoding_format="float").data]

        self.assertEqual(embed(["a", "bb"]), [[1.0, 0.5], [2.0, 0.5]])
        self.assertEqual(embed(["ccc", "bb", "a"]), [[3.0, 0.5], [2.0, 0.5], [1.0, 0.5]])
        self.assertEqual(embed(["ccc"]), [[3.0, 0.5]])
        self.assertEqual(calls("sdk-embed"), 2)

    def test_responses_are_cached_plain_and_streamed(self):
        first = self.client.responses.create(model="sdk-responses", input="hello")
        second = self.client.responses.create(model="sdk-responses", input="hello")
        self.assertEqual(first, second)
        self.assertEqual(second.output_text, "Echo of hello!")
        for model in ("sdk-responses", "sdk-responses-stream"):
            for _ in range(2):
                with self.client.responses.stream(model=model, input="hello") as stream:
                    for _ in stream:
                        pass
                    self.assertEqual(stream.get_final_response().output_text, "Echo of hello!")
        self.assertEqual(calls("sdk-responses"), 1)
        self.assertEqual(calls("sdk-responses-stream"), 1)

    def test_the_clients_retries_reach_the_upstream(self):
        answer = self.client.chat.completions.create(model="flaky", messages=QUESTION)
        self.assertIn("Echo", answer.choices[0].message.content)
        self.assertEqual(calls("flaky"), 2)

    def test_errors_and_other_endpoints_pass(self):
        self.assertEqual([m.id for m in self.client.models.list()], ["m"])
        with self.assertRaises(openai.NotFoundError):
            self.client.models.retrieve("none")

    def test_callers_with_other_keys_share_nothing(self):
        other = openai.OpenAI(base_url=URL, api_key="sk-other")
        for client in (self.client, other, self.client, other):
            client.chat.completions.create(model="sdk-tenants", messages=QUESTION)
        self.assertEqual(calls("sdk-tenants"), 2)

    def test_request_controls(self):
        def outcome(**headers):
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            answer = self.client.chat.completions.with_raw_response.create(
                model="sdk-controls", messages=QUESTION, extra_headers=names)
            return answer.headers["x-semcache"]

        self.assertEqual(outcome(cache_control="no-store"), "MISS")
        self.assertEqual(outcome(), "MISS")
        self.assertEqual(outcome(cache_control="no-cache"), "MISS")
        self.assertEqual(outcome(x_semcache_mode="off"), "BYPASS")
        self.assertEqual(outcome(cache_control="only-if-cached"), "HIT")


@unittest.skipIf(ChatOpenAI is None, "langchain-openai is in another venv")
class LangChain(unittest.TestCase):
    def test_chat_and_stream(self):
        model = ChatOpenAI(model="langchain", base_url=URL, api_key="sk-lc", temperature=0)
        texts = [model.invoke("hello").content for _ in range(2)]
        streamed = "".join(chunk.content for chunk in model.stream("hello"))
        self.assertEqual({t.strip() for t in texts + [streamed]}, {"Echo of hello!"})
        self.assertEqual(calls("langchain"), 1)

    def test_embeddings(self):
        model = OpenAIEmbeddings(
            model="langchain-embed", base_url=URL, api_key="sk-lc", check_embedding_ctx_length=False)
        self.assertEqual([model.embed_query("abc"), model.embed_query("abc")], [[3.0, 0.5]] * 2)
        self.assertEqual(calls("langchain-embed"), 1)


@unittest.skipIf(litellm is None, "litellm is in another venv")
class LiteLLM(unittest.TestCase):
    def ask(self, **extra):
        return litellm.completion(
            model="openai/litellm", messages=QUESTION, api_base=URL, api_key="sk-ll", temperature=0, **extra)

    def test_chat_stream_and_body_controls(self):
        self.assertIn("Echo", self.ask().choices[0].message.content)
        text = "".join(chunk.choices[0].delta.content or "" for chunk in self.ask(stream=True))
        self.assertEqual(text.strip(), "Echo of What is the capital of France!")
        self.assertEqual(calls("litellm"), 1)
        self.ask(extra_body={"cache": {"no-cache": True}})
        self.ask(extra_body={"cache": {"namespace": "mine", "ttl": 60}})
        self.ask(extra_body={"cache": {"namespace": "mine"}})
        self.assertEqual(calls("litellm"), 3)


if __name__ == "__main__":
    unittest.main()
