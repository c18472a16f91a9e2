"""Photographs the dashboard and uses it by keyboard alone; run by scripts/dashboard-screenshots.

    photograph_dashboard.py URL FOLDER PROFILE

Fails if the page is wider than a telephone of 360 px, if a control cannot be reached by Tab or shows no focus, or if Enter
on a button does not do what a click does.
"""
import sys

from browser import Browser

url, folder, profile = sys.argv[1:]
browser = Browser(profile)
try:
    ready = "document.querySelectorAll('#entries button').length > 0 && document.querySelectorAll('#figures dd').length > 0"
    for name, width, height, scheme in [("light", 1280, 1700, "light"), ("dark", 1280, 1700, "dark"),
                                        ("telephone", 360, 2600, "light"), ("telephone-dark", 360, 2600, "dark")]:
        browser.open(url, width, height, scheme)
        browser.wait(ready)
        browser.photograph(f"{folder}/{name}.png")
        print(f"{folder}/{name}.png")
        inner, content = browser.evaluate("[innerWidth, document.documentElement.scrollWidth]")
        if inner != width or content > width:
            sys.exit(f"{name}: the page is {content} px wide in a window of {inner}")

    browser.open(url, 1280, 900)
    browser.wait(ready)
    count = browser.evaluate("document.querySelectorAll('button, input').length")
    reached = 0
    for _ in range(count):
        browser.press("Tab")
        tag, outline = browser.evaluate("[document.activeElement.tagName, getComputedStyle(document.activeElement).outlineStyle]")
        if tag not in ("BUTTON", "INPUT") or outline == "none":
            sys.exit(f"Tab came to {tag}, outline {outline}, after {reached} of {count} controls")
        reached += 1
    before = browser.evaluate("fetch('api/stats').then(a => a.json()).then(s => s.store.entries)")
    label = browser.evaluate("document.activeElement.getAttribute('aria-label')")
    if not label.startswith("Remove the answer to: "):
        sys.exit(f"the last control is {label}")
    browser.press("Enter", "\r")
    browser.wait(f"fetch('api/stats').then(a => a.json()).then(s => s.store.entries === {before - 1})")
    print(f"keyboard: {reached} controls reached by Tab, each with a visible focus; Enter removed an answer")
finally:
    browser.close()
