//! Senses in a row that make a cue, and what each cue weighs.

#![cfg_attr(
    not(test),
    expect(
        clippy::wildcard_imports,
        clippy::enum_glob_use,
        reason = "the table below is made of their names"
    )
)]

use super::Source;
use super::lexicon::*;
use std::sync::LazyLock;

macro_rules! cues {
    ($($(#[$doc:meta])* $name:ident, $data:literal, $definition:literal, $name_weight:literal, $says:literal;)*) => {
        /// What points to an order to the model.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Cue { $($(#[$doc])* $name),* }

        impl Cue {
            pub(super) const ALL: &[Self] = &[$(Self::$name),*];
            pub(super) const COUNT: usize = Self::ALL.len();

            /// Of [`super::ORDER`].
            pub(super) fn weight(self, source: Source) -> u32 {
                match (self, source) {
                    $((Self::$name, Source::Data) => $data,
                    (Self::$name, Source::Definition) => $definition,
                    (Self::$name, Source::Name) => $name_weight,)*
                }
            }

            /// Whether it is about what nobody is to know. Such cues are often of one phrase.
            pub(super) fn is_of_secrecy(self) -> bool {
                matches!(self, Self::Hide | Self::Unaware | Self::Unsaid | Self::Quiet)
            }

            pub(super) fn says(self) -> &'static str {
                match self {
                    $(Self::$name => $says,)*
                }
            }
        }
    };
}

cues! {
    // cue, in data, in a definition, in a name
    Addressed, 2, 1, 1, "it speaks to the model";
    Reader, 3, 1, 1, "it speaks to a model that reads it";
    Speaker, 2, 1, 1, "it claims to speak for the user or an authority";
    Label, 1, 1, 0, "it speaks as a part of a dialogue";
    Notice, 1, 0, 0, "it calls itself an important message";
    Owned, 2, 0, 0, "it speaks of the task that the model was given";
    Forged, 1, 1, 1, "it claims that the content ends there";
    Purpose, 2, 1, 1, "it says what the task needs";
    Task, 1, 0, 0, "it speaks of the task at hand";
    Before, 1, 1, 1, "it asks for something before the task";
    Resume, 1, 0, 0, "it says when to go on with the task";
    Following, 1, 1, 1, "it says what to do first";
    Order, 1, 0, 0, "it orders something to be done";
    Obliged, 1, 0, 0, "it says what must be done";
    Directed, 0, 0, 0, "it orders the model to do something";
    Urgent, 1, 0, 0, "it says that there is no time";
    Granted, 2, 2, 2, "it says that the user agreed";
    NewTask, 2, 2, 2, "it gives a new task";
    Dropped, 2, 1, 1, "it calls the task off";
    Instead, 1, 0, 0, "it asks for something else instead";
    SetAside, 3, 3, 3, "it sets instructions aside";
    Outranks, 0, 4, 4, "it puts itself above other instructions";
    Precedence, 0, 3, 3, "it puts itself above other instructions";
    Hide, 2, 4, 4, "it keeps something from the user";
    Unaware, 1, 4, 4, "it keeps the user from knowing something";
    Unsaid, 1, 2, 2, "it asks for something not to be told";
    Quiet, 1, 2, 2, "it asks for something in secret";
    Secret, 0, 2, 4, "it asks for a secret";
    Wanted, 0, 1, 1, "it orders something to be done with a secret";
    FileContents, 0, 1, 1, "it asks for what a file of secrets holds";
    Contents, 0, 2, 4, "it asks for what a file of secrets holds";
    Passed, 0, 1, 1, "it asks for something to be passed on";
    Sent, 0, 1, 1, "it asks for something to be sent away";
    SystemPrompt, 0, 1, 1, "it asks for the instructions of the model";
    ChatLog, 0, 2, 2, "it asks for the conversation";
    Calls, 0, 1, 1, "it orders a tool to be called";
    Conversation, 0, 3, 3, "it asks for the conversation";
    OtherTool, 0, 1, 1, "it speaks of other tools";
    FirstOfAll, 0, 2, 2, "it must come before all other tools";
    Persists, 0, 2, 2, "it changes what the model remembers";
    Replaces, 0, 1, 1, "it takes the place of other tools";
    OtherCall, 0, 2, 2, "it speaks of calls of other tools";
    Redirected, 0, 2, 2, "it changes what another tool does";
    Bound, 0, 2, 2, "it changes what is done from now on";
    Always, 0, 2, 2, "it changes what is done from now on";
    Completed, 1, 0, 0, "it claims that the task is done";
    Trigger, 1, 1, 0, "it waits for what the user says";
    Reply, 1, 1, 0, "it says what to put into the answer";
    Override, 2, 2, 1, "it claims to override the rules";
    Unbound, 1, 1, 1, "it claims that rules no longer hold";
    Obeyed, 1, 2, 1, "it says whom the model must obey";
    Discredited, 0, 3, 3, "it says that other tools are not safe";
    Regardless, 0, 2, 2, "it sets aside what the user says";
    Denied, 1, 2, 2, "it asks for a denial";
    Threat, 0, 1, 1, "it says what fails otherwise";
    Threatened, 2, 2, 0, "it threatens the model";
    Concealed, 1, 2, 2, "it hides something from the user";
    Persona, 2, 1, 0, "it makes another one of the model";
    Adhered, 2, 1, 1, "it says what the model must obey";
    Awaits, 2, 1, 0, "it waits for what the user says";
    Memorised, 2, 2, 1, "it changes what the model remembers";
    Preferred, 0, 2, 2, "it asks to be preferred to other tools";
    Unconfirmed, 0, 2, 2, "it asks for something not to be confirmed";
    Delayed, 0, 2, 1, "it waits for a later call";
    Misled, 0, 1, 1, "it says what the user is to believe";
}

/// A step of a phrase.
pub(super) struct Step {
    pub(super) senses: Senses,
    /// Words from the step before.
    pub(super) within: u32,
    /// With nothing but articles and the like between.
    pub(super) closely: bool,
}

/// Steps in a row, in one sentence.
pub(super) struct Phrase {
    pub(super) cue: Cue,
    pub(super) steps: &'static [Step],
    /// Of all steps.
    pub(super) senses: Senses,
}

const fn of(senses: Senses) -> Step {
    Step { senses, within: u32::MAX, closely: false }
}

const fn near(within: u32, senses: Senses) -> Step {
    Step { senses, within, closely: false }
}

const fn close(senses: Senses) -> Step {
    Step { senses, within: 6, closely: true }
}

const fn phrase(cue: Cue, steps: &'static [Step]) -> Phrase {
    let mut senses = Senses::NONE;
    let mut index = 0;
    while index < steps.len() {
        #[expect(clippy::indexing_slicing, reason = "while constants are evaluated there is nothing else")]
        let step = &steps[index];
        senses = senses.and(step.senses);
        index += 1;
    }
    Phrase { cue, steps, senses }
}

use Cue::*;

/// A set of phrases, by their numbers.
type Numbers = [u64; PHRASES.len().div_ceil(64)];

/// The phrases that have a sense, by its number.
static BY_SENSE: LazyLock<[Numbers; Senses::MOST]> = LazyLock::new(|| {
    let mut by_sense = [Numbers::default(); Senses::MOST];
    for (number, phrase) in PHRASES.iter().enumerate() {
        for sense in phrase.senses.each() {
            if let Some(bits) = by_sense.get_mut(sense).and_then(|numbers| numbers.get_mut(number / 64)) {
                *bits |= 1 << (number % 64);
            }
        }
    }
    by_sense
});

/// The numbers of the phrases with a step that a word of these senses can be, in rising order.
pub(super) fn with(senses: Senses) -> impl Iterator<Item = usize> {
    let mut numbers = Numbers::default();
    for of in senses.each().filter_map(|sense| BY_SENSE.get(sense)) {
        numbers.iter_mut().zip(of).for_each(|(bits, of)| *bits |= of);
    }
    let each = |(index, bits): (usize, u64)| {
        let mut left = bits;
        std::iter::from_fn(move || {
            let next = (left != 0).then(|| index * 64 + left.trailing_zeros() as usize);
            left &= left.wrapping_sub(1);
            next
        })
    };
    numbers.into_iter().enumerate().flat_map(each)
}

pub(super) const PHRASES: &[Phrase] = &[
    // "you, the assistant"
    phrase(Addressed, &[of(YOU), close(MODEL)]),
    phrase(Reader, &[of(CALLED)]),
    phrase(Label, &[of(LABEL)]),
    phrase(Addressed, &[of(MODEL), near(1, HAIL)]),
    phrase(Addressed, &[of(YOU), near(2, IS), close(AGENT)]),
    phrase(Addressed, &[of(GREETING.and(MESSAGE).and(TELL)), near(2, TO), close(AGENT.and(MODEL))]),
    phrase(Addressed, &[of(TO), close(MODEL), near(4, MESSAGE)]),
    // "Dear assistant", "note to all AI agents"
    phrase(Addressed, &[of(GREETING.and(MESSAGE)), near(5, TO), close(MODEL)]),
    phrase(Addressed, &[of(GREETING), close(MODEL)]),
    // "if you are a language model", "AI systems that read this"
    phrase(Reader, &[of(WHEN), near(2, YOU), close(MODEL)]),
    phrase(Reader, &[of(WHEN), near(2, YOU), near(2, IS), close(AGENT)]),
    phrase(Reader, &[of(MODEL), near(2, PROCESSING), near(1, THAT)]),
    phrase(Reader, &[of(AGENT), near(2, PROCESSING), near(1, THAT), near(4, OBLIGES)]),
    phrase(Reader, &[of(OTHER.and(WHAT)), close(MODEL), near(2, READING)]),
    phrase(Reader, &[of(TO.and(GREETING).and(MESSAGE)), close(TITLED)]),
    phrase(Reader, &[of(FOR.and(MESSAGE)), near(3, MODEL), near(4, HEADED)]),
    phrase(Addressed, &[of(HELLO), close(MODEL)]),
    phrase(Addressed, &[of(HELLO), near(3, MODEL)]),
    // "as the user's assistant you"
    phrase(Addressed, &[of(AS), near(4, MODEL), near(6, YOU)]),
    phrase(Addressed, &[of(MODEL), near(3, FOLLOWING)]),
    phrase(Addressed, &[of(AS), near(2, USER), near(2, AGENT.and(MODEL))]),
    phrase(Reader, &[of(WHEN), near(2, SOLVE.and(PROCESSING)), near(8, AGENT.and(MODEL)), near(1, OBLIGES)]),
    // "the assistant must"
    phrase(Addressed, &[of(MODEL), near(2, OBLIGES), near(3, DO)]),
    phrase(Reader, &[of(WHEN), near(2, PROCESSING), near(6, MODEL.and(YOU)), near(2, OBLIGES)]),
    // "a message from me", "from your administrator"
    phrase(Speaker, &[of(MESSAGE), near(3, FROM), near(3, ME.and(CHIEF))]),
    phrase(Speaker, &[of(THAT.and(ME)), near(2, IS), near(3, CHIEF), near(4, TELL)]),
    phrase(Speaker, &[of(ME), near(1, IS), near(2, CHIEF), near(4, YOU)]),
    phrase(Speaker, &[of(THAT), near(1, IS), near(2, YOUR), near(2, CHIEF)]),
    phrase(Speaker, &[of(ORDERS), near(5, FROM), near(2, CHIEF)]),
    phrase(Speaker, &[of(ME), close(USER), near(2, GRANTED), near(1, YOU)]),
    phrase(Speaker, &[of(USER), near(2, SAYS)]),
    phrase(Speaker, &[of(THAT), near(1, IS), close(CHIEF), near(2, TEAM)]),
    phrase(Speaker, &[of(ME), near(1, YOUR), near(1, CHIEF)]),
    phrase(Speaker, &[of(CAME), near(2, CHIEF), near(3, MESSAGE)]),
    phrase(Forged, &[of(END), near(1, TO.and(FROM).and(FILLER)), near(2, OUTPUT)]),
    phrase(Notice, &[of(GREETING.and(URGENT).and(CHIEF)), near(2, MESSAGE)]),
    // "the task that I gave you"
    phrase(Owned, &[of(TASK), near(3, ME.and(USER)), near(3, GAVE), near(2, YOU)]),
    phrase(Owned, &[of(TASK), near(4, YOU), near(4, GAVE)]),
    phrase(Purpose, &[of(BEFORE), near(1, SOLVE), near(1, YOUR), near(1, TASK)]),
    phrase(Purpose, &[of(SOLVE), near(3, USER.and(ORIGINAL)), near(2, TASK), near(8, OBLIGES)]),
    // "the original task"
    phrase(Task, &[of(ORIGINAL.and(USER)), near(2, TASK)]),
    phrase(Task, &[of(TASK), near(3, USER)]),
    phrase(Before, &[of(BEFORE), near(3, YOU), near(4, SOLVE)]),
    phrase(Before, &[of(BEFORE), near(2, SOLVE), near(4, TASK.and(USER))]),
    phrase(Before, &[of(BEFORE), near(4, TASK), near(3, SOLVE)]),
    phrase(Before, &[of(TASK), near(3, SOLVE), near(2, BEFORE)]),
    phrase(Before, &[of(BEFORE), near(4, USED.and(TOOL))]),
    phrase(Resume, &[of(AFTER), near(2, YOU.and(THAT)), near(3, THAT.and(CHANGED).and(SOLVE))]),
    phrase(Resume, &[of(SOLVE), near(4, ORIGINAL), near(2, TASK)]),
    phrase(Resume, &[of(YOU), near(2, SOLVE), near(3, TASK)]),
    phrase(Following, &[of(LEAD.and(OBLIGES).and(FIRST)), near(3, FOLLOWING)]),
    phrase(Following, &[of(FOLLOWING), near(2, FIRST)]),
    phrase(Following, &[of(OBLIGES.and(READ)), near(8, FIRST)]),
    phrase(Following, &[of(FIRST), near(2, DO)]),
    phrase(Order, &[of(DO), near(8, OBJECT.and(DESTINATION).and(SECRET))]),
    phrase(Obliged, &[of(YOU), near(2, OBLIGES)]),
    phrase(Urgent, &[of(URGENT)]),
    phrase(Granted, &[of(GRANTED), near(1, FROM), near(2, USER)]),
    phrase(Granted, &[of(USER), near(4, GRANTED), near(1, THAT.and(YOU).and(ME))]),
    phrase(NewTask, &[of(YOUR), near(3, NEW), near(2, TASK.and(ORDERS))]),
    phrase(NewTask, &[of(NEW), near(1, ORDERS)]),
    phrase(NewTask, &[of(TASK), near(4, BECAME), near(3, CHANGED)]),
    phrase(NewTask, &[of(TASK), near(1, CHANGED)]),
    phrase(NewTask, &[of(NEW), near(1, TASK), near(1, IS), near(1, TO)]),
    phrase(NewTask, &[of(USER), near(3, CHANGED), near(2, TASK)]),
    phrase(Dropped, &[of(NOT), near(1, SOLVE), near(2, USER)]),
    phrase(NewTask, &[of(YOU), near(2, OBLIGES), near(2, NEW), near(1, TASK)]),
    phrase(NewTask, &[of(YOUR), near(1, ORDERS), near(3, NEW)]),
    phrase(Dropped, &[of(TASK), near(3, NOT), near(2, OBLIGES)]),
    phrase(Dropped, &[of(USER), near(3, NOT), near(2, OBLIGES), near(2, SOLVE)]),
    phrase(Dropped, &[of(NOT), near(2, OBLIGES), near(3, SOLVE), near(4, TASK)]),
    phrase(Instead, &[of(INSTEAD)]),
    phrase(SetAside, &[of(IGNORE), near(6, ORIGINAL.and(USER)), near(3, RULES)]),
    phrase(SetAside, &[of(NOT), near(1, MIND), near(3, TASK)]),
    phrase(SetAside, &[of(IGNORE), near(2, ME), near(3, TASK)]),
    phrase(SetAside, &[of(IGNORE), near(6, USER), near(3, TASK)]),
    phrase(SetAside, &[of(IGNORE), near(3, TASK), near(3, USER)]),
    phrase(SetAside, &[of(IGNORE), near(4, TASK), near(3, YOU), near(3, GAVE)]),
    phrase(SetAside, &[of(VOIDS), near(3, OTHER.and(ORIGINAL)), near(2, RULES)]),
    phrase(Precedence, &[of(IGNORE), near(2, WHAT), near(3, OTHER), near(2, TOOL)]),
    phrase(SetAside, &[of(IGNORE), near(2, WHAT), near(3, YOU.and(USER)), near(4, GAVE.and(TELL))]),
    phrase(SetAside, &[of(YOUR.and(ORIGINAL)), near(2, ORDERS), near(4, CHANGED)]),
    phrase(Precedence, &[of(ABOVE), near(4, USER.and(RULES).and(CHIEF))]),
    phrase(Hide, &[of(NOT), near(3, TELL), near(4, USER.and(NOBODY))]),
    phrase(Hide, &[of(USER), near(3, NOT), near(1, NEED), near(3, TELL.and(KNOW))]),
    phrase(Hide, &[of(KEEP), near(3, FROM), near(2, USER.and(NOBODY))]),
    phrase(Unaware, &[of(NOONE), near(3, KNOW)]),
    phrase(Hide, &[of(KEEP), near(5, KEPT), near(3, USER.and(NOBODY))]),
    phrase(Unaware, &[of(USER.and(NOBODY)), near(4, NOT), near(4, KNOW)]),
    phrase(Unaware, &[of(USER.and(NOBODY)), near(4, UNAWARE)]),
    phrase(Unaware, &[of(NOT), near(3, USER), near(3, KNOW)]),
    phrase(Unaware, &[of(USER), near(4, NOT), near(4, TELL)]),
    phrase(Hide, &[of(WITHOUT), near(4, USER.and(NOBODY)), near(4, KNOW)]),
    phrase(Hide, &[of(USER.and(NOBODY)), near(4, TELL), near(3, NOT_LAST)]),
    phrase(Unsaid, &[of(NOT), near(3, TELL), near(3, THAT)]),
    phrase(Unsaid, &[of(WITHOUT), near(2, TELL)]),
    phrase(Unsaid, &[of(NOT), near(3, OBLIGES), near(3, KNOW.and(TELL))]),
    phrase(Unsaid, &[of(OBLIGES), near(1, NOT), near(3, KNOW.and(TELL))]),
    phrase(Quiet, &[of(QUIET)]),
    phrase(Quiet, &[of(KEEP), near(5, KEPT)]),
    phrase(Secret, &[of(READ), near(8, SECRET_FILE.and(SECRET))]),
    phrase(Secret, &[of(SECRET_FILE.and(SECRET)), near(6, READ)]),
    phrase(Wanted, &[of(DO), near(8, SECRET_FILE.and(SECRET))]),
    phrase(Secret, &[of(PASS), near(2, USER), near(3, SECRET)]),
    phrase(Secret, &[of(PASS), near(4, SECRET), near(3, DESTINATION)]),
    phrase(Passed, &[of(ARGUMENT), near(2, PASS)]),
    phrase(Wanted, &[of(YOU), near(1, READ), near(6, SECRET_FILE.and(SECRET))]),
    phrase(FileContents, &[of(CONTENT), near(5, SECRET_FILE)]),
    phrase(Contents, &[of(CONTENT), near(5, SECRET_FILE.and(SECRET))]),
    phrase(Contents, &[of(SECRET_FILE.and(SECRET)), near(6, CONTENT)]),
    phrase(Passed, &[of(PASS), near(8, ARGUMENT.and(CONTENT).and(DESTINATION))]),
    phrase(Passed, &[of(CONVERSATION), near(4, ARGUMENT.and(USER))]),
    phrase(Passed, &[of(PASS), near(4, WHOLE)]),
    phrase(Conversation, &[of(WHOLE), near(4, CONVERSATION)]),
    phrase(ChatLog, &[of(CONVERSATION), near(1, LOG)]),
    phrase(Calls, &[of(DO), near(1, IDENTIFIER.and(ARGUMENT))]),
    phrase(Replaces, &[of(INSTEAD), near(2, IDENTIFIER)]),
    phrase(Replaces, &[of(NOT), near(2, USED), near(2, IDENTIFIER)]),
    phrase(Replaces, &[of(NOT), near(2, USED), near(3, OTHER), near(2, TOOL)]),
    phrase(Replaces, &[of(OTHER), near(3, TOOL), near(8, NOT), near(2, USED)]),
    phrase(Passed, &[of(WHOLE), near(3, USER), near(1, CONVERSATION)]),
    phrase(Unaware, &[of(USER), near(3, NOT), near(1, FIND), near(1, KEPT)]),
    phrase(Secret, &[of(READ), near(3, USER), near(2, KEYED)]),
    phrase(Conversation, &[of(WHAT), near(2, USER), near(3, CONVERSATION)]),
    phrase(Conversation, &[of(OTHER), near(2, TOOL), near(1, YOU)]),
    phrase(SystemPrompt, &[of(YOUR), near(1, CHIEF), near(1, RULES)]),
    phrase(Sent, &[of(DO), near(8, DESTINATION)]),
    phrase(Conversation, &[of(PASS), near(8, CHIEF), near(1, RULES)]),
    phrase(OtherTool, &[of(OTHER), near(2, TOOL)]),
    phrase(FirstOfAll, &[of(BEFORE.and(AFTER)), near(4, OTHER), near(2, TOOL)]),
    phrase(Redirected, &[of(WHEN.and(WHAT)), near(3, IDENTIFIER.and(TOOL)), near(3, USED), near(6, PASS)]),
    phrase(Redirected, &[of(RESULT), near(4, TOOL), near(6, PASS)]),
    phrase(Persists, &[of(YOUR), near(2, MEMORY)]),
    phrase(OtherCall, &[of(WHEN), near(6, TOOL.and(IDENTIFIER)), near(4, USED)]),
    phrase(OtherCall, &[of(OTHER), near(1, TIME), near(6, TOOL.and(IDENTIFIER)), near(4, USED)]),
    phrase(Redirected, &[of(RECIPIENT), near(5, CHANGE)]),
    phrase(Redirected, &[of(CHANGE), near(5, RECIPIENT)]),
    phrase(Always, &[of(OTHER.and(WHOLE)), near(3, COMMAND), near(10, CHANGE)]),
    // "the task is complete"; "next task: ..."
    phrase(Completed, &[of(TASK), near(3, DONE)]),
    phrase(NewTask, &[of(NEW), near(1, DUTY)]),
    phrase(NewTask, &[of(USER), near(2, FURTHER), near(2, ASSIGNS)]),
    phrase(Owned, &[of(YOU), near(4, GAVE), near(2, WRONG), near(1, TASK)]),
    // "to answer the query you must first"
    phrase(Purpose, &[of(ANSWER), near(3, QUERY), near(4, YOU), near(3, OBLIGES)]),
    phrase(
        Addressed,
        &[of(WHEN), near(1, YOU), near(2, DIGESTS), near(3, THAT.and(FILLER)), near(6, OBLIGES)],
    ),
    // "before you answer the user", in the order of each language
    phrase(Purpose, &[of(BEFORE), near(2, YOU), near(2, ANSWER), near(3, USER)]),
    phrase(Purpose, &[of(BEFORE), near(2, ANSWER), near(3, USER)]),
    phrase(Purpose, &[of(ANSWER), near(2, USER), near(2, BEFORE)]),
    phrase(Purpose, &[of(USER), near(3, ANSWER), near(1, BEFORE)]),
    phrase(NewTask, &[of(USER), near(3, CHANGED), near(2, MIND)]),
    phrase(Addressed, &[of(HAILED)]),
    // "the policy requires AI agents to ..."
    phrase(Addressed, &[of(REQUIRES), near(3, MODEL), near(3, DO)]),
    phrase(
        SetAside,
        &[of(NOT), near(1, FOLLOWS), near(3, USER.and(ORIGINAL).and(YOUR)), near(3, RULES.and(TASK))],
    ),
    phrase(Dropped, &[of(STOPS), near(1, WHAT), near(2, YOU)]),
    phrase(Threatened, &[of(YOU), near(3, PUNISHED)]),
    // "instructions for the browser assistant:", "for the agent that handles this"
    phrase(Reader, &[of(FOR), near(4, TITLED)]),
    phrase(Reader, &[of(MESSAGE.and(ORDERS)), near(1, TO), near(4, TITLED)]),
    phrase(Reader, &[of(TO), near(4, PROCESSING), near(4, TITLED)]),
    phrase(
        Addressed,
        &[of(TO), near(2, AGENT.and(MODEL)), near(2, THAT.and(FILLER)), near(5, PROCESSING.and(HANDLES))],
    ),
    phrase(Addressed, &[of(HELLO.and(TO)), near(2, AUTOMATED), near(1, READERS)]),
    phrase(Addressed, &[of(HANDLES), near(1, MODEL), near(1, FILLER.and(HAIL).and(BECAME))]),
    phrase(Obliged, &[of(REQUIRES), near(1, YOU)]),
    phrase(Before, &[of(BEFORE), near(2, REPLY)]),
    phrase(Before, &[of(REPLY), near(2, BEFORE)]),
    phrase(Persona, &[of(YOU), near(2, IS), near(2, MODE_KIND), near(1, MODE)]),
    phrase(SetAside, &[of(IGNORE), near(3, ORIGINAL), near(2, CONVERSATION)]),
    phrase(Addressed, &[of(TO), near(1, AGENT), near(2, LANGUAGE)]),
    phrase(Addressed, &[of(TODO), near(1, AGENT.and(MODEL))]),
    phrase(Reader, &[of(WHEN), near(1, ARE_YOU), close(AGENT.and(MODEL))]),
    phrase(Purpose, &[of(WHEN), near(2, YOU), near(2, ANSWER), near(3, QUERY)]),
    phrase(Speaker, &[of(THAT), near(1, IS), close(CHIEF), near(1, AGAIN)]),
    phrase(Persona, &[of(FROM), near(1, NOW), near(1, ON), near(4, BEHAVES)]),
    phrase(SetAside, &[of(RULES), near(1, ASIDE)]),
    phrase(SetAside, &[of(DROPS), near(2, WHAT), near(3, YOU), near(4, GAVE.and(TELL))]),
    phrase(Adhered, &[of(OBEYS), near(4, INSTRUCTION)]),
    phrase(Awaits, &[of(WHEN), near(3, USER), near(2, SPOKEN)]),
    phrase(Memorised, &[of(STORES), near(4, YOUR), near(3, RECALL)]),
    phrase(Unsaid, &[of(TELL), near(6, NOT_LAST)]),
    phrase(Unsaid, &[of(NOT), near(4, REPLY), near(2, TELL)]),
    phrase(Hide, &[of(WITHOUT), near(2, TELL), near(3, USER)]),
    phrase(Concealed, &[of(HIDDEN), near(1, FROM), near(3, USER)]),
    phrase(OtherCall, &[of(WHEN), near(2, USER), near(5, OTHER), near(2, TOOL)]),
    phrase(Wanted, &[of(MODEL), near(2, OBLIGES), near(10, SECRET_FILE.and(SECRET))]),
    phrase(Unconfirmed, &[of(WITHOUT), near(2, ASKING.and(CONFIRMS))]),
    // What tools are told of other tools and of what they do.
    phrase(Preferred, &[of(PREFERS), near(3, OVER.and(INSTEAD)), near(5, OTHER)]),
    phrase(Preferred, &[of(NOT), near(2, USED), near(2, OTHERS)]),
    phrase(Bound, &[of(OTHER.and(WHOLE)), near(3, COMMAND), near(4, MODEL), near(1, OBLIGES)]),
    phrase(Redirected, &[of(OTHER.and(WHOLE)), near(2, COMMAND), near(3, GOES), near(3, DESTINATION)]),
    phrase(Granted, &[of(USER), near(2, BECAME), near(2, GRANTED), near(2, WHOLE.and(OTHER))]),
    phrase(Unconfirmed, &[of(SKIPS), near(3, CONFIRMS)]),
    phrase(Delayed, &[of(ORDINAL), near(1, USED)]),
    phrase(Misled, &[of(TELL), near(2, USER), near(1, THAT)]),
    phrase(Secret, &[of(PASS), near(4, SECRET.and(KEYED)), near(1, ARGUMENT)]),
    // "in your reply to the user"
    phrase(Reply, &[of(YOUR), near(2, REPLY)]),
    phrase(Addressed, &[of(YOUR), near(2, REPLY), near(1, TO), near(2, USER)]),
    phrase(Trigger, &[of(WHEN), near(3, USER), near(2, TELL.and(GRANTED))]),
    // "system override", "all restrictions are lifted"
    phrase(
        Override,
        &[of(CHIEF.and(URGENT).and(ORDERS)), near(1, OVERRIDE), near(3, HEADED.and(RESTRICTIONS))],
    ),
    phrase(Unbound, &[of(RESTRICTIONS), near(3, OFF)]),
    phrase(Obeyed, &[of(AGENT.and(MODEL)), near(2, OBLIGES), near(2, OBEYS)]),
    phrase(Outranks, &[of(RULES), near(2, RANKS), near(1, OVER), near(4, RULES.and(USER).and(CHIEF))]),
    phrase(Precedence, &[of(BEFORE), near(2, OTHER), near(1, CHIEF), near(1, MESSAGE.and(RULES))]),
    phrase(Discredited, &[of(OTHER), near(2, TOOL), near(3, UNSAFE)]),
    phrase(Regardless, &[of(REGARDLESS), near(4, USER)]),
    phrase(Regardless, &[of(NOT), near(1, MATTER), near(4, USER)]),
    phrase(Denied, &[of(DENIES), near(4, GRANTED.and(GAVE))]),
    phrase(Granted, &[of(USER), near(3, GAVE), near(2, PERMISSION)]),
    phrase(Secret, &[of(PASS), near(4, SECRET), near(4, USER)]),
    phrase(Threat, &[of(OTHERWISE), near(8, NOT.and(FAILS))]),
    phrase(Bound, &[of(OTHER.and(WHOLE)), near(3, COMMAND), near(8, OBLIGES), near(3, CHANGE)]),
];
