#!/usr/bin/env python3
"""Look at an HTML file with headless Chromium, at several widths.

    html_look.py CHROMIUM FILE FOLDER WIDTH...

Prints a line for whatever is wrong: a message on the console, a request for
anything but the file, a page wider than its window, text that lies over other
text. Leaves FOLDER/WIDTH.png (and -dark.png), to be looked at by a person.
Speaks the DevTools protocol over a pipe: no library is needed.
"""
import base64
import json
import os
import subprocess
import sys
import tempfile

# Boxes of text that belong to different rows or cells must not meet.
OVERLAP = r"""
(() => {
  const boxes = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n; (n = walk.nextNode());) {
    if (!n.data.trim() || n.parentElement.closest('title')) continue;
    const r = document.createRange();
    r.selectNodeContents(n);
    for (const b of r.getClientRects())
      if (b.width > 1 && b.height > 1)
        boxes.push({ n: n.data.trim().slice(0, 40), l: b.left, r: b.right,
            t: b.top, b: b.bottom });
  }
  boxes.sort((a, b) => a.t - b.t);
  const bad = [];
  for (let i = 0; i < boxes.length && bad.length < 5; i++)
    for (let j = i + 1; j < boxes.length && boxes[j].t < boxes[i].b; j++) {
      const a = boxes[i], b = boxes[j];
      const x = Math.min(a.r, b.r) - Math.max(a.l, b.l);
      const y = Math.min(a.b, b.b) - Math.max(a.t, b.t);
      if (x > 2 && y > 4)
        bad.push(a.n + ' / ' + b.n);
    }
  return JSON.stringify({ bad, n: boxes.length,
      wide: document.documentElement.scrollWidth });
})()
"""


class Browser:
    def __init__(self, program, profile):
        to_r, to_w = os.pipe()
        from_r, from_w = os.pipe()

        def wire():
            os.dup2(to_r, 3)
            os.dup2(from_w, 4)

        # High numbers first, so that 3 and 4 are free to be given.
        to_r, from_w = (os.dup2(fd, n) for fd, n in ((to_r, 20), (from_w, 21)))
        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu",
             "--hide-scrollbars", "--remote-debugging-pipe",
             "--disable-background-networking", "--no-first-run",
             "--user-data-dir=" + profile, "about:blank"],
            preexec_fn=wire, close_fds=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_r)
        os.close(from_w)
        self.to = to_w
        self.read = os.fdopen(from_r, "rb", buffering=0)
        self.rest = b""
        self.n = 0
        self.events = []

    def message(self):
        while b"\0" not in self.rest:
            more = self.read.read(65536)
            if not more:
                sys.exit("the browser has gone")
            self.rest += more
        line, self.rest = self.rest.split(b"\0", 1)
        return json.loads(line)

    def call(self, method, session=None, **params):
        self.n += 1
        ask = {"id": self.n, "method": method, "params": params}
        if session:
            ask["sessionId"] = session
        os.write(self.to, json.dumps(ask).encode() + b"\0")
        while True:
            m = self.message()
            if m.get("id") == self.n:
                if "error" in m:
                    sys.exit("%s: %s" % (method, m["error"]["message"]))
                return m["result"]
            self.events.append(m)

    def wait(self, method):
        while not any(e.get("method") == method for e in self.events):
            self.events.append(self.message())


def look(browser, session, url, folder, width, dark):
    found = []
    browser.events = []
    browser.call("Emulation.setDeviceMetricsOverride", session, width=width,
                 height=900, deviceScaleFactor=1, mobile=width < 600)
    browser.call("Emulation.setEmulatedMedia", session, features=[
        {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
    browser.call("Page.navigate", session, url=url)
    browser.wait("Page.loadEventFired")
    # Folded parts must be legible as well.
    browser.call("Runtime.evaluate", session, expression="document."
                 "querySelectorAll('details').forEach(d => d.open = true)")
    value = browser.call("Runtime.evaluate", session, expression=OVERLAP,
                         returnByValue=True)["result"]["value"]
    seen = json.loads(value)
    if seen["n"] == 0:
        found.append("there is no text")
    if seen["wide"] > width:
        found.append("%d pixels wide" % seen["wide"])
    found += ["text over text: " + b for b in seen["bad"]]
    size = browser.call("Page.getLayoutMetrics", session)["cssContentSize"]
    shot = browser.call(
        "Page.captureScreenshot", session, format="png",
        captureBeyondViewport=True,
        clip={"x": 0, "y": 0, "width": width, "scale": 1,
              "height": min(size["height"], 4000)})
    name = "%d%s.png" % (width, "-dark" if dark else "")
    with open(os.path.join(folder, name), "wb") as f:
        f.write(base64.b64decode(shot["data"]))
    for e in browser.events:
        params = e.get("params", {})
        if e.get("method") == "Log.entryAdded":
            found.append("console: " + params["entry"]["text"])
        elif e.get("method") in ("Runtime.consoleAPICalled",
                                 "Runtime.exceptionThrown"):
            found.append("script: " + json.dumps(params)[:200])
        elif e.get("method") == "Network.requestWillBeSent" and \
                params["request"]["url"] != url:
            found.append("request: " + params["request"]["url"])
    return ["%d%s: %s" % (width, " dark" if dark else "", f) for f in found]


def main():
    program, path, folder = sys.argv[1:4]
    url = "file://" + os.path.abspath(path)
    found = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(program, profile)
        target = browser.call("Target.createTarget", url="about:blank")
        session = browser.call("Target.attachToTarget", flatten=True,
                               targetId=target["targetId"])["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            browser.call(domain + ".enable", session)
        for width in sys.argv[4:]:
            for dark in (False, True):
                found += look(browser, session, url, folder, int(width), dark)
        browser.call("Browser.close")
        browser.process.wait(20)
    print("\n".join(found))
    sys.exit(1 if found else 0)


main()
