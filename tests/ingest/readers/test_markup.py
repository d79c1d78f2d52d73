"""HTML to text: what a reader would see, whatever the markup."""

import pytest

from ingest.readers.markup import text_of_html, title_of_html


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>He said:</p><p>No.</p>", "He said:\n\nNo."),
        ("<div>one</div><div><div>two</div></div>three", "one\ntwo\nthree"),
        ("a<br>b<br/><br>c", "a\nb\n\nc"),
        ("<b>bold</b>, <i>not</i>bold", "bold, notbold"),
        ("two\n   words\t here", "two words here"),
        ("<pre>two\n  lines</pre>after", "two\n  lines\n\nafter"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("x<script>if (a < b) alert('</p>')</script>y<style>p{}</style>z", "xyz"),
        ("x<SCRIPT src=a></SCRIPT >y", "xy"),
        ("a<!-- <p>hidden</p> -->b<!doctype html>c<?xml?>d", "abcd"),
        ("&lt;b&gt; &amp;c&nbsp;d &#8217;", "<b> &c d ’"),
        ("5 < 6 <and 7", "5 < 6 <and 7"),
        ("<a title=\"1 > 0\" href='x>y'>link</a>", "link"),
        ("before<script>never closed", "before"),
        ("before<!-- never closed", "before"),
        ("<select><option>kept when never closed", "kept when never closed"),
        ("", ""),
    ],
)
def test_markup_becomes_the_words_a_reader_sees(markup, text):
    assert text_of_html(markup).replace("\N{NO-BREAK SPACE}", " ") == text


def test_letters_that_grow_when_folded_do_not_shift_the_end_of_a_script():
    assert text_of_html("İİİ<script>x</script>visible") == "İİİvisible"


def test_the_title_is_read_apart():
    assert title_of_html("<head><TITLE lang=en>\n Weekly &amp; more </title>") == "Weekly & more"
    assert title_of_html("<p>none</p>") == ""
