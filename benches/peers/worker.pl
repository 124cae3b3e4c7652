% SWI-Prolog's side of run.py: reads the name of a workload a line, does it once, and answers a line of JSON with
% what came out and what it cost.
:- set_prolog_flag(table_space, 8000000000), set_prolog_flag(stack_limit, 8000000000).
:- use_module(library(aggregate)).
:- use_module(library(readutil)).
:- use_module(library(http/json)).
:- dynamic cluster/10, asked/1, filters/1, from/1.
:- initialization(main, main).

four_conditions(Id) :- cluster(Id, 'CoPS', 'DE', weak, _, _, _, Share, _, _), Share >= 50.

weakness(C, I, human_capital) :- cluster(C, I, _, _, weak, _, _, _, _, _).
weakness(C, I, social_capital) :- cluster(C, I, _, weak, _, _, _, _, _, _).
weakness(C, I, knowledge) :- cluster(C, I, _, _, _, fragmented, _, _, _, _).
weakness(C, I, market_access) :- cluster(C, I, _, _, _, _, _, Share, _, _), Share < 10.
suggested(C, X) :- weakness(C, I, Target), intervention(X, I, Target).

gap(C, human_capital) :- cluster(C, _, _, _, weak, _, _, _, _, _).
gap(C, social_capital) :- cluster(C, _, _, weak, _, _, _, _, _, _).
absorptive(C) :- cluster(C, _, _, _, Skill, _, _, _, _, _), Skill \== weak.
networked(C) :- cluster(C, _, _, Ties, _, Knowledge, _, _, _, _), Ties \== weak, Knowledge \== fragmented.
interactive(C) :- absorptive(C), networked(C).
systemic_failure(C) :- cluster(C, _, _, _, _, _, _, _, _, _), \+ interactive(C).
recommended(C, X) :-
    systemic_failure(C), gap(C, Target), cluster(C, I, _, _, _, _, _, _, _, _), intervention(X, I, Target).

:- table reaches/2, depends_on/2, linked/2.
reaches(A, B) :- cites(A, B).
reaches(A, C) :- reaches(A, B), cites(B, C).
depends_on(A, B) :- supplier(A, B).
depends_on(A, C) :- depends_on(A, B), supplier(B, C).
linked(A, B) :- graph(A, B).
linked(A, C) :- linked(A, B), graph(B, C).

main([Facts, cold]) :- load_files(Facts, []), forall(four_conditions(Id), (print(Id), nl)).
main([Facts, About]) :- load_files(Facts, []), about(About), serve.

about(File) :-
    setup_call_cleanup(open(File, read, In), json_read(In, json(About)), close(In)),
    memberchk(asked=Asked, About), memberchk(filters=Filters, About), memberchk(source=From, About),
    assertz(asked(Asked)), assertz(filters(Filters)), assertz(from(From)).

serve :-
    read_line_to_string(user_input, Line),
    ( Line == end_of_file -> true ; atom_string(Name, Line), once(answer(Name)), flush_output, serve ).

answer(reopen) :- abolish_all_tables, format("{}~n").
answer(Name) :-
    abolish_all_tables, garbage_collect,
    get_time(Wall), statistics(process_cputime, Cpu),
    ( work(Name, Result) -> true ; throw(no_workload(Name)) ),
    statistics(process_cputime, CpuEnd), get_time(WallEnd),
    compared(Name, Result, Answer),
    CpuTime is CpuEnd - Cpu, WallTime is WallEnd - Wall,
    format("{\"answer\": ~w, \"cpu\": ~9f, \"wall\": ~9f}~n", [Answer, CpuTime, WallTime]).

work('filter count', N) :- aggregate_all(count, four_conditions(_), N).
work('filter ids', Ids) :- findall(Id, four_conditions(Id), Ids).
work('filters ad hoc', Counts) :- filters(Filters), maplist(filtered, Filters, Counts).
work('join counted', N) :- aggregate_all(count, suggested(_, _), N).
work('join grouped', Counts) :-
    functor(Counts, counts, 200),
    forall(between(1, 200, X), nb_setarg(X, Counts, 0)),
    forall(suggested(_, X), (arg(X, Counts, N), M is N + 1, nb_setarg(X, Counts, M))).
work(reach, N) :- from(A), aggregate_all(count, reaches(A, _), N).
work('closure of suppliers', N) :- aggregate_all(count, depends_on(_, _), N).
work('closure of a graph', N) :- aggregate_all(count, linked(_, _), N).
work('rules counted', N) :- aggregate_all(count, recommended(_, _), N).
work('rules listed', Pairs) :- findall(C-X, recommended(C, X), Pairs).
work('rules for one case', Answers) :- asked(Cases), maplist(one_case, Cases, Answers).

% A question is text each time, as for everybody else.
one_case(Case, Answers) :-
    format(atom(Text), "recommended(~w, X)", [Case]),
    term_to_atom(Goal, Text),
    arg(2, Goal, X),
    findall(X, Goal, Answers).

filtered(Conditions, Count) :-
    functor(Goal, cluster, 10),
    maplist(meets(Goal), Conditions, Tests),
    aggregate_all(count, (Goal, maplist(call, Tests)), Count).

meets(Goal, [Attribute, Operator, Value], Test) :-
    column(Attribute, Place), arg(Place, Goal, Cell), test(Operator, Cell, Value, Test).

test(=, Value, Value, true).
test(<, Cell, Value, Cell < Value).
test(>=, Cell, Value, Cell >= Value).

column(industry, 2).
column(country, 3).
column(social_capital, 4).
column(human_capital, 5).
column(knowledge, 6).
column(lead_actor, 7).
column(export_share, 8).
column(employees, 9).
column(founded, 10).

% What of a result is compared with the other engines.
compared('filters ad hoc', Counts, [Sum, Weighed]) :-
    !, sum_list(Counts, Sum),
    findall(P, (nth1(Place, Counts, Count), P is Place * Count), Ps), sum_list(Ps, Weighed).
compared('join grouped', Counts, [Groups, Sum]) :-
    !, findall(P, (arg(X, Counts, N), N > 0, P is X * N), Ps), length(Ps, Groups), sum_list(Ps, Sum).
compared('rules listed', Pairs, [Count, Sum]) :-
    !, length(Pairs, Count), foldl([C-X, S, T]>>(T is S + C * X), Pairs, 0, Sum).
compared('rules for one case', Answers, Answer) :- !, append(Answers, Ids), ids(Ids, Answer).
compared('filter ids', Ids, Answer) :- !, ids(Ids, Answer).
compared(_, N, [N]).

ids(Ids, [Count, Sum]) :- length(Ids, Count), sum_list(Ids, Sum).
