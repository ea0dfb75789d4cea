"""Data files with one fault each, and what has to be said about it."""

MUNICIPALITY = """
[municipality]
name = "Exempels kommun"
short_name = "Exempel"
code = "9999"
portal_name = "Framtid Exempel"
headline = "Så utvecklas din ort"
"""
# Enough to hang anything on: a place with a program in force.
WORLD = f"""{MUNICIPALITY}
[[body]]
key = "ks"
name = "Kommunstyrelsen"

[[organisation]]
key = "foreningen"
name = "Samhällsföreningen"
kind = "community_association"

[[locality]]
key = "orten"
name = "Orten"
kind = "locality"

[[program]]
key = "programmet"
name = "Framtid Orten"
locality = "orten"
status = "active"

[[program.edition]]
number = 1
state = "adopted"

[[program.edition.clause]]
key = "centrum"
level = 1
heading = "Centrum"
"""

# One table each, to which a case adds what is wrong.
LOCALITY = '[[locality]]\nkey = "nya"\nname = "Nya"\nkind = "locality"\n'
ACTION = '[[action]]\nkey = "bank"\nprogram = "programmet"\ntitle = "Bänk"\n'
IDEA = '[[idea]]\nkey = "bank"\nprogram = "programmet"\ntitle = "Bänk"\ntext = "En bänk."\n'
EVENT = '[[event]]\nkey = "mote"\nkind = "workshop"\ntitle = "Möte"\ndate = "2026"\n'
GROUP = '[[group]]\nkey = "grupp"\nprogram = "programmet"\nkind = "working"\nname = "Gruppen"\n'
DOCUMENT = '[[document]]\nkey = "karta"\ntitle = "Karta"\nkind = "map"\n'
PROGRAM = '[[program]]\nkey = "nytt"\nname = "Nytt"\nlocality = "nya"\nstatus = "active"\n'
EDITION = '[[program.edition]]\nnumber = 1\nstate = "draft"\n'
CLAUSE = '[[program.edition.clause]]\nkey = "skola"\nlevel = 1\nheading = "Skola"\n'
BRIEF = '[[brief]]\nprogram = "programmet"\nbudget_year = 2027\n'
PROCESS = '[[process]]\nprogram = "programmet"\nkind = "creation"\n'
STEP = '[[process.step]]\nstep = 1\npassed = "2025"\n'
USER = '[[user]]\nemail = "anna@example.se"\nname = "Anna"\n'

NOT_NULL = "Detta fält får inte vara null."
CHOICE = r"Värdet .* är inget giltigt alternativ."

# The text that follows WORLD, and a pattern for all that is said after the file's name.
WRONG = {
    # tables and keys
    "unknown table": ('[[ort]]\nkey = "a"', r"\[ort\] is not a known table"),
    "edition outside its program": (
        '[[edition]]\nprogram = "programmet"',
        r"\[edition\] is not a known table",
    ),
    "one where there are many": (
        '[event]\nkey = "mote"',
        r"\[event\] must be written \[\[event\]\]",
    ),
    "many where there is one": (
        '[[privacy]]\ndpo_email = "a@b.se"',
        r"\[privacy\].*must be a table",
    ),
    "one duty": ('[duty]\nlabel = "Möte"', r"\[duty.*\].* must be .*"),
    "unknown key": (
        LOCALITY + 'color = "red"',
        r"\[locality 2\] nya, color: is not a known key here",
    ),
    "misspelt key": (ACTION + 'titel = "x"', r"\[action 1\] bank, titel: is not a known key here"),
    "unknown key below": (
        LOCALITY + '[[locality.local_body]]\norganisation = "foreningen"\nfrom = "2013"',
        r"\[locality 2 nya.local_body 1\], from: is not a known key here",
    ),
    "missing name": (
        '[[locality]]\nkey = "nya"\nkind = "locality"',
        r"\[locality 2\] nya, name: is missing",
    ),
    "empty name": (
        '[[organisation]]\nkey = "o"\nname = "  "\nkind = "company"',
        r"\[organisation 2\] o, name: is missing",
    ),
    "missing key": (
        '[[locality]]\nname = "Nya"\nkind = "locality"',
        r"\[locality 2\], key: is missing",
    ),
    "missing title": (
        '[[action]]\nkey = "bank"\nprogram = "programmet"',
        r"\[action 1\] bank, title: Detta fält får inte vara tomt.",
    ),
    "key that is no address": (
        '[[locality]]\nkey = "Södra ån"\nname = "Ån"\nkind = "locality"',
        r"\[locality 2\] Södra ån, slug: .*",
    ),
    # kinds of values
    "number for text": (
        '[[locality]]\nkey = "nya"\nname = 5\nkind = "locality"',
        r"\[locality 2\] nya, name: 5 is of the wrong kind",
    ),
    "text for number": (
        LOCALITY + 'population = "många"',
        r"\[locality 2\] nya, population: 'många' is of the wrong kind",
    ),
    "yes for number": (
        LOCALITY + "population = true",
        r"\[locality 2\] nya, population: True is of the wrong kind",
    ),
    "text for yes": (
        LOCALITY + 'in_network = "ja"',
        r"\[locality 2\] nya, in_network: 'ja' is of the wrong kind",
    ),
    "text for position": (
        LOCALITY + 'latitude = "56.7"\nlongitude = 12.8',
        r"\[locality 2\] nya, latitude: '56.7' is of the wrong kind",
    ),
    "text for list": (
        ACTION + 'responsible = "foreningen"',
        r"\[action 1\] bank, responsible: 'foreningen' is of the wrong kind",
    ),
    "list in list of keys": (
        ACTION + 'responsible = [["foreningen"]]',
        r"\[action 1\] bank, responsible: .*",
    ),
    "number in list of keys": (ACTION + "responsible = [5]", r"\[action 1\] bank, .*: .*5.*"),
    "text for tables": (
        ACTION + 'update = "klart"',
        r"\[action 1\] bank, update: 'klart' is of the wrong kind",
    ),
    "text among tables": (ACTION + 'update = ["klart"]', r"\[action 1 bank.update 1\].* a table"),
    "negative number": (LOCALITY + "population = -1", r"\[locality 2\] nya, population: .* 0.*"),
    "text for an edition's number": (
        LOCALITY
        + PROGRAM
        + '[[program.edition]]\nnumber = "1"\nstate = "superseded"\n'
        + EDITION.replace("1", "2"),
        r"\[program 2 nytt.edition 1\], number: '1' is of the wrong kind",
    ),
    # dates and times
    "no date": (
        EVENT.replace('"2026"', '"snart"'),
        r"\[event 1\] mote, date: 'snart' is not a date",
    ),
    "a month thirteen": (
        LOCALITY + 'population_on = "2013-13"',
        r"\[locality 2\] nya, population_on: '2013-13' is not a date",
    ),
    "a day zero": (
        LOCALITY + 'population_on = "2013-06-00"',
        r"\[locality 2\] nya, population_on: '2013-06-00' is not a date",
    ),
    "a leap day in an ordinary year": (
        EVENT.replace('"2026"', '"Y-02-29"'),
        r"\[event 1\] mote, date: 'Y-02-29' is not a date",
    ),
    "ten years from now": (
        EVENT.replace('"2026"', '"Y+10"'),
        r"\[event 1\] mote, date: 'Y\+10' is not a date",
    ),
    "missing date": (
        '[[event]]\nkey = "mote"\nkind = "workshop"\ntitle = "Möte"',
        rf"\[event 1\] mote, date: {NOT_NULL}",
    ),
    "no time": (
        EVENT + 'starts = "halv sju"',
        r"\[event 1\] mote, starts: 'halv sju' is not a time such as 18:30",
    ),
    "number for time": (
        EVENT + "starts = 18",
        r"\[event 1\] mote, starts: 18 is of the wrong kind",
    ),
    # references
    "unknown place": (
        PROGRAM,
        r"\[program 2\] nytt, locality: there is no locality with the key 'nya'",
    ),
    "unknown organisation in a list": (
        ACTION + 'responsible = ["foreningen", "bolaget"]',
        r"\[action 1\] bank, (responsible|organisation): .*the key 'bolaget'",
    ),
    "clause not in force": (
        ACTION + 'clause = "skola"',
        r"\[action 1\] bank, clause: the program in force has no clause 'skola'",
    ),
    "clause without a program": (
        '[[action]]\nkey = "bank"\nlocality = "orten"\ntitle = "Bänk"\nclause = "centrum"',
        r"\[action 1\] bank, clause: .*no clause 'centrum'",
    ),
    "origin that never was": (
        LOCALITY + PROGRAM + EDITION + CLAUSE + 'origin = "centrum"',
        r"\[program 2 nytt.edition 1.*clause 1\] skola, origin: no earlier edition .*'centrum'",
    ),
    "event that is not there": (
        IDEA + 'event = "mote"',
        r"\[idea 1\] bank, event: there is no event with the key 'mote'",
    ),
    "merged into what comes later": (
        IDEA + 'merged_into = "bord"\noutcome = "merged"\nreply = "Ja."',
        r"\[idea 1\] bank, (merged_into|idea): there is no idea with the key 'bord'",
    ),
    "document of an edition that is not there": (
        DOCUMENT + 'program = "programmet"\nedition = 9',
        r"\[document 1\] karta, edition: there is no edition .*",
    ),
    "document of an edition of no program": (
        DOCUMENT + 'locality = "orten"\nedition = 1',
        r"\[document 1\] karta, edition: .*program.*",
    ),
    "brief of no program": (
        "[[brief]]\nbudget_year = 2027",
        rf"\[brief 1\], program: {NOT_NULL}",
    ),
    "member who does not sign in": (
        GROUP + '[[group.member]]\ncapacity = "official"\nuser = "anna@example.se"',
        r"\[group 1 grupp.member 1\], user: there is no user with the key 'anna@example.se'",
    ),
    # once only
    "place twice": (LOCALITY.replace("nya", "orten"), r"\[locality 2\] orten, slug: .*redan.*"),
    "event twice": (EVENT + EVENT, r"\[event 2\] mote, key: 'mote' is used twice"),
    "idea twice": (IDEA + IDEA, r"\[idea 2\] bank, key: 'bank' is used twice"),
    "clause twice": (
        LOCALITY + PROGRAM + EDITION + CLAUSE + CLAUSE,
        r"\[program 2 nytt.edition 1.*clause 2\] skola: .*",
    ),
    "edition twice": (
        LOCALITY + PROGRAM + EDITION.replace("draft", "adopted") + EDITION,
        r"\[program 2 nytt.edition 2\]: .*",
    ),
    "user twice": (
        USER + USER.replace("anna@", "Anna@"),
        r"\[user 2\] anna@example.se, email: .*redan.*",
    ),
    # choices
    "unknown kind of place": (
        '[[locality]]\nkey = "nya"\nname = "Nya"\nkind = "by"',
        rf"\[locality 2\] nya, kind: {CHOICE}",
    ),
    "unknown status": (ACTION + 'status = "klar"', rf"\[action 1\] bank, status: {CHOICE}"),
    "unknown state of a sign-up": (
        EVENT + '[[event.sign_up]]\nstate = "kanske"',
        rf".*sign_up 1\], state: {CHOICE}",
    ),
    "newcomer who cannot be reached": (
        '[[join_request]]\nlocality = "orten"',
        r"\[join_request 1\]: .+",
    ),
    "message of no kind": ('[[inquiry]]\ntext = "Hej"', r"\[inquiry 1\], kind: is missing"),
    "unknown channel": (IDEA + 'channel = "fax"', rf"\[idea 1\] bank, channel: {CHOICE}"),
    "unknown state of an edition": (
        LOCALITY + PROGRAM + EDITION.replace("draft", "antagen") + CLAUSE,
        r"\[program 2 nytt.edition 1\], state: .*antagen.*",
    ),
    "two editions in force": (
        LOCALITY
        + PROGRAM
        + EDITION.replace("draft", "adopted")
        + EDITION.replace("1", "2").replace("draft", "adopted"),
        r"\[program 2 nytt.edition \d\].*, state: .*",
    ),
    "superseded by nothing": (
        LOCALITY + PROGRAM + EDITION.replace("draft", "superseded"),
        r"\[program 2 nytt.edition 1\].*, state: .*",
    ),
    "level seven": (
        LOCALITY + PROGRAM + EDITION + CLAUSE.replace("level = 1", "level = 7"),
        r"\[program 2 nytt.edition 1.*clause 1\] skola, level: must be 0, 1, 2, 3 or 4",
    ),
    "no level": (
        LOCALITY + PROGRAM + EDITION + CLAUSE.replace("level = 1\n", ""),
        r"\[program 2 nytt.edition 1.*clause 1\] skola, level: must be 0, 1, 2, 3 or 4",
    ),
    "step that the process does not have": (
        PROCESS + STEP.replace("step = 1", "step = 7"),
        r"\[process 1.step 1\], step: .*",
    ),
    "step passed before the one before it": (
        PROCESS + STEP.replace('passed = "2025"', 'started = "2025"') + STEP.replace("= 1", "= 2"),
        r"\[process 1.step \d\], (step|passed): .*",
    ),
    "term that does not exist": (
        '[[term]]\nkey = "town"\nforms = ["stad", "staden", "städer", "städerna"]',
        r"\[term 1\] town, (key|forms): .*",
    ),
    "term in three forms": (
        '[[term]]\nkey = "locality"\nforms = ["ort", "orten", "orter"]',
        r"\[term 1\] locality, forms: .*four forms",
    ),
    "term that is too long": (
        f'[[term]]\nkey = "locality"\nforms = ["{"o" * 61}", "orten", "orter", "orterna"]',
        r"\[term 1\] locality, .*: .*60 tecken.*",
    ),
    "term in numbers": (
        '[[term]]\nkey = "locality"\nforms = [1, 2, 3, 4]',
        r"\[term 1\] locality, forms: .*",
    ),
    "duty in month thirteen": (
        '[[duty]]\nkind = "follow_up"\nlabel = "Uppföljning"\ndue_month = 13',
        r"\[duty 1\], due_month: .*12.*",
    ),
    "nobody many times": (
        GROUP + '[[group.member]]\ncapacity = "official"\ncount = 0',
        r"\[group 1 grupp.member 1\], count: .*",
    ),
    # what must never be untrue
    "completed without being so": (
        ACTION + 'completed = "2025"',
        r"\[action 1\] bank: Bara en genomförd åtgärd .* datum.*",
    ),
    "paused without a reason": (ACTION + 'status = "paused"', r"\[action 1\] bank: .+"),
    "finished before it started": (
        ACTION + 'started = "2025"\ndue = "2024"',
        r"\[action 1\] bank: Slutet kan inte komma före starten.",
    ),
    "outcome without an answer": (IDEA + 'outcome = "no"', r"\[idea 1\] bank: .+"),
    "refused without a reason": (IDEA + 'state = "refused"', r"\[idea 1\] bank: .+"),
    "half a position": (LOCALITY + "latitude = 56.7", r"\[locality 2\] nya: .+"),
    "position off the earth": (
        LOCALITY + "latitude = 91.0\nlongitude = 12.8",
        r"\[locality 2\] nya: .+",
    ),
    "position that is no number": (
        LOCALITY + "latitude = nan\nlongitude = 12.8",
        r"\[locality 2\] nya.*: .+",
    ),
    "two open programs in one place": (
        PROGRAM.replace("nya", "orten"),
        r"\[program 2\] nytt: .+",
    ),
    "party of an official": (
        GROUP + '[[group.member]]\ncapacity = "official"\nparty = "C"',
        r"\[group 1 grupp.member 1\]: .+",
    ),
    "brief handed over but open": (BRIEF + 'handed_over_on = "2026"', r"\[brief 1\]: .+"),
    "document of nothing": (DOCUMENT, r"\[document 1\] karta: .+"),
    "document in two ways": (
        DOCUMENT + 'locality = "orten"\nurl = "https://example.se"\nfile = "karta.pdf"',
        r"\[document 1\] karta, file: there is no karta.pdf",
    ),
    "ages in the wrong order": (
        EVENT + "age_groups = [{from = 19, to = 10, count = 3}]",
        r"\[event 1 age_groups 1\]: .+",
    ),
    # files
    "missing photo": (
        ACTION + '[[action.photo]]\nfile = "saknas.webp"\nalt = "Bänk"',
        r"\[action 1 bank.photo 1\], file: there is no saknas.webp",
    ),
    "photo outside its folder": (
        ACTION + '[[action.photo]]\nfile = "../fil.toml"\nalt = "Bänk"',
        r"\[action 1 bank.photo 1\], file: there is no ../fil.toml",
    ),
    "missing document": (
        DOCUMENT + 'locality = "orten"\nfile = "saknas.pdf"',
        r"\[document 1\] karta, file: there is no saknas.pdf",
    ),
}
# A line of [municipality].
ABOUT_MUNICIPALITY = {
    "unknown deciding body": (
        'deciding_body = "kf"',
        r"\[municipality\], (deciding_body|body): there is no body with the key 'kf'",
    ),
    "unknown vocabulary": (
        'vocabulary = "flens"',
        r"\[municipality\], vocabulary: .*halmstad, flen",
    ),
    "no color": ('brand_color = "grön"', r"\[municipality\], brand_color: .+"),
    "code in letters": ('code = "HALM"', r"\[municipality\], code: .+"),
    "no depth": ("plan_depth = 0", r"\[municipality\], plan_depth: .+"),
    "depth five": ("plan_depth = 5", r"\[municipality\], plan_depth: .+"),
    "no days to answer": ("reply_days = 0", r"\[municipality\], reply_days: .+"),
    "outline of words": ('map_outline = ["kusten"]', r"\[municipality\], map_outline: .+"),
    "outline of half points": ("map_outline = [[12.8]]", r"\[municipality\], map_outline: .+"),
    "waters of points": ("map_waters = [[12.8, 56.7]]", r"\[municipality\], map_waters: .+"),
    "purposes in numbers": ("purposes = [1, 2]", r"\[municipality\], purposes: .+"),
    "mail without an address": (
        'contact_email = "kommunen"',
        r"\[municipality\], contact_email: .+",
    ),
}
